// FIRDS documents for tests, and everything that comes out of them, copied.
#pragma once

#include "parse/firds.hpp"
#include "parse/parsed.hpp"
#include "util/error.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace isinfetch::test {

struct FirdsCopy {
    std::array<std::string, kFieldCount> fields{};
    std::vector<std::pair<std::string, std::string>> others{};
    Event event = Event::listed;
    Validity<std::string> valid{};
    std::uint64_t line = 0;
    std::uint64_t byte = 0;
    std::string text{};

    std::string operator[](Field field) const { return fields[index(field)]; }

    std::string other(std::string_view name) const {
        for (const auto& [key, value] : others) {
            if (key == name) {
                return value;
            }
        }
        return "";
    }

    bool operator==(const FirdsCopy&) const = default;
};

struct FirdsOutcome {
    std::vector<FirdsCopy> records{};
    std::vector<std::string> warnings{};
    FileHeader header{};
    std::string encoding{};
    std::string error{};  ///< "data: byte 5: …"; empty when all was well

    bool operator==(const FirdsOutcome& other) const {
        return records == other.records && warnings == other.warnings && error == other.error &&
               header.message == other.header.message && header.date == other.header.date &&
               header.definition == other.header.definition && encoding == other.encoding;
    }
};

inline FirdsCopy copy_of(const RawRecord& record) {
    FirdsCopy copy{.event = record.event,
                   .valid = {std::string(record.valid.from), std::string(record.valid.to)},
                   .line = record.position.line,
                   .byte = record.position.byte,
                   .text = std::string(record.text)};
    for (std::size_t i = 0; i < kFieldCount; ++i) {
        copy.fields[i] = record.fields[i];
    }
    for (const auto& [name, value] : record.others) {
        copy.others.emplace_back(name, value);
    }
    return copy;
}

inline FirdsOutcome read_firds_text(std::string_view text,
                                    FirdsPath path,
                                    const ParseOptions& options = {},
                                    std::size_t step = 1U << 20U) {
    FirdsOutcome outcome;
    DrippingSource source(text, step);
    try {
        const ParseSummary summary = read_firds(
            source,
            options,
            [&](const RawRecord& record) { outcome.records.push_back(copy_of(record)); },
            path);
        outcome.warnings = summary.warnings;
        outcome.header = summary.header;
        outcome.encoding = summary.encoding;
    } catch (const Error& error) {
        outcome.error = std::string(name(error.kind())) + ": " + error.what();
    }
    return outcome;
}

struct FirdsDocumentText {
    std::string before = R"(<?xml version="1.0" encoding="UTF-8"?>)"
                         "\n";
    std::string definition = "auth.017.001.02";
    std::string container = "FinInstrmRptgRefDataRpt";
    std::string period = "<Dt>2026-08-15</Dt>";

    std::string operator()(std::string_view records) const {
        std::string text = before;
        text +=
            "<BizData xmlns=\"urn:iso:std:iso:20022:tech:xsd:head.003.001.01\"><Hdr><AppHdr>"
            "<Fr><OrgId><Id><OrgId><Othr><Id>EU</Id></Othr></OrgId></Id></OrgId></Fr>"
            "<BizMsgIdr>FULINS_E_20260815_01of02</BizMsgIdr><MsgDefIdr>" +
            definition +
            "</MsgDefIdr><CreDt>2026-08-15T03:20:54Z</CreDt></AppHdr></Hdr><Pyld><Document>";
        text += "<" + container +
                "><RptHdr><RptgNtty><NtlCmptntAuthrty>EU</NtlCmptntAuthrty></RptgNtty>"
                "<RptgPrd>" +
                period + "</RptgPrd></RptHdr>";
        text += records;
        return text + "</" + container + "></Document></Pyld></BizData>";
    }
};

inline std::string full_text(std::string_view records) {
    return FirdsDocumentText{}(records);
}

inline std::string delta_text(std::string_view records) {
    return FirdsDocumentText{.definition = "auth.036.001.03",
                             .container = "FinInstrmRptgRefDataDltaRpt"}(records);
}

inline std::string cancelled_text(std::string_view records) {
    return FirdsDocumentText{.definition = "auth.102.001.01",
                             .container = "FinInstrmRptgCxlRpt"}(records);
}

/// The content of a record with this name.
inline std::string share(std::string_view name = "iShares Core MSCI World") {
    return "<FinInstrmGnlAttrbts><Id>IE00B4L5Y983</Id><FullNm>" + std::string(name) +
           "</FullNm><ShrtNm>ISHARES III/CORE MSCI WLD</ShrtNm><ClssfctnTp>CEOGES</ClssfctnTp>"
           "<NtnlCcy>EUR</NtnlCcy><CmmdtyDerivInd>false</CmmdtyDerivInd></FinInstrmGnlAttrbts>"
           "<Issr>549300MDMRB2NCJXG562</Issr><TradgVnRltdAttrbts><Id>XPAR</Id>"
           "<IssrReq>true</IssrReq><FrstTradDt>2019-11-04T09:00:00Z</FrstTradDt>"
           "</TradgVnRltdAttrbts><TechAttrbts><RlvntCmptntAuthrty>IE</RlvntCmptntAuthrty>"
           "<PblctnPrd><FrDt>2026-08-01</FrDt></PblctnPrd><RlvntTradgVn>XETR</RlvntTradgVn>"
           "</TechAttrbts>";
}

inline std::string ref_data(std::string_view content) {
    return "<RefData>" + std::string(content) + "</RefData>";
}

inline std::string changed(std::string_view kind, std::string_view content) {
    const std::string name(kind);
    return "<FinInstrm><" + name + ">" + std::string(content) + "</" + name + "></FinInstrm>";
}

}  // namespace isinfetch::test
