#include "cli/lei_claims.hpp"

#include "util/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <ostream>
#include <set>

namespace isinfetch::cli {

namespace {

using Leis = std::set<std::string>;

bool share_one(const Leis& left, const Leis& right) {
    return std::ranges::any_of(left, [&](const std::string& lei) { return right.contains(lei); });
}

std::set<std::string> sources_of(const LeiClaims& claims) {
    std::set<std::string> sources;
    for (const LeiClaim& claim : claims.leis) {
        sources.insert(claim.sources.begin(), claim.sources.end());
    }
    return sources;
}

using LeisBySource = std::map<std::string, Leis>;
using SourcePairs = std::vector<std::pair<std::string, std::string>>;

/// The pairs of `left` and a later source that have no LEI in common.
void add_disagreements(LeisBySource::const_iterator left,
                       LeisBySource::const_iterator end,
                       SourcePairs& pairs) {
    for (auto right = std::next(left); right != end; ++right) {
        if (!share_one(left->second, right->second)) {
            pairs.emplace_back(left->first, right->first);
        }
    }
}

SourcePairs disagreements_of(const LeisBySource& by_source) {
    SourcePairs pairs;
    for (auto left = by_source.begin(); left != by_source.end(); ++left) {
        add_disagreements(left, by_source.end(), pairs);
    }
    return pairs;
}

}  // namespace

LeiClaims lei_claims(std::span<const StoredListing> versions) {
    std::map<std::string, Leis> by_source;
    std::map<std::string, std::set<std::string>> by_lei;
    for (const StoredListing& stored : versions) {
        const std::string& lei = stored.listing[Field::lei];
        if (stored.superseded.empty() && !lei.empty()) {
            by_source[stored.source].insert(lei);
            by_lei[lei].insert(stored.source);
        }
    }
    LeiClaims claims;
    for (const auto& [lei, sources] : by_lei) {
        claims.leis.push_back({.lei = lei, .sources = {sources.begin(), sources.end()}});
    }
    claims.disagreements = disagreements_of(by_source);
    return claims;
}

void write_text(std::ostream& out, const LeiClaims& claims) {
    if (sources_of(claims).size() < 2) {
        return;
    }
    out << "  issuer\n";
    for (const LeiClaim& claim : claims.leis) {
        out << fmt::format("    {}  {}\n", one_line(claim.lei), join(claim.sources, ", "));
    }
    for (const auto& [left, right] : claims.disagreements) {
        out << fmt::format("    {} and {} do not agree\n", left, right);
    }
}

void write_json(JsonWriter& json, const LeiClaims& claims) {
    json.key("issuer_leis").begin_array();
    for (const LeiClaim& claim : claims.leis) {
        json.begin_object();
        json.field("lei", claim.lei);
        json.key("sources").begin_array();
        for (const std::string& source : claim.sources) {
            json.text(source);
        }
        json.end_array().end_object();
    }
    json.end_array();
    if (sources_of(claims).size() < 2) {
        json.key("leis_agree").null();
    } else {
        json.flag("leis_agree", claims.disagreements.empty());
    }
}

}  // namespace isinfetch::cli
