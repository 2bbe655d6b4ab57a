// What the XML of a FIRDS file says: its header, and the records that the XML parser reads.
#pragma once

#include "parse/expat_reader.hpp"
#include "parse/firds_message.hpp"
#include "parse/firds_record.hpp"
#include "parse/format.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace isinfetch {

/// Follows a document from element to element. Where an element is matters only as far as needed:
/// what the schema does not know is passed over, with all that is in it.
class FirdsDocument final : public XmlHandler {
public:
    /// The FirdsRecord is complete; its element is from `begin` to `end`.
    using Deliver = std::function<void(Event event, std::uint64_t begin, std::uint64_t end)>;

    FirdsDocument(FirdsRecord& record, Deliver deliver);

    /// Throw Error{protocol} for another message than those of FIRDS, and for records of another
    /// message than the header says; Error{data} for elements nested deeper than anybody does.
    void start(std::string_view name,
               const XmlAttributes& attributes,
               std::uint64_t begin) override;
    void end(std::string_view name, std::uint64_t end) override;
    void text(std::string_view text) override;

    const FileHeader& header() const noexcept { return header_; }

    /// The message of the header; nullptr before it.
    const FirdsMessage* message() const noexcept { return message_; }

    /// Were there any records, or could there have been?
    bool saw_container() const noexcept { return saw_container_; }
    bool is_in_container() const noexcept { return container_ > 0; }
    bool is_between_records() const noexcept { return container_ > 0 && depth_ == container_; }

    /// Where the record that is not yet complete begins.
    std::optional<std::uint64_t> open_record() const noexcept {
        return kind_ == nullptr ? std::nullopt : std::optional(record_begin_);
    }

    /// The outermost element.
    const std::string& root() const noexcept { return root_; }

    /// Elements where a kind of record was expected, by name.
    const std::map<std::string, std::uint64_t, std::less<>>& unknown_kinds() const noexcept {
        return unknown_kinds_;
    }

private:
    void enter_container(std::string_view name, std::uint64_t begin);
    void enter_record(std::string_view name, std::uint64_t begin);
    void enter_field(std::string_view name, const XmlAttributes& attributes);
    void leave_field();
    void leave_header(std::string_view name);
    bool is_in(std::string_view name) const noexcept;
    void take_definition(std::string_view definition);

    FirdsRecord& record_;
    Deliver deliver_;
    FileHeader header_{};
    const FirdsMessage* message_ = nullptr;
    std::string root_{};
    std::size_t depth_ = 0;
    std::size_t container_ = 0;  ///< its depth; 0 outside of it
    bool saw_container_ = false;
    std::vector<std::string> names_{};  ///< of the open elements that are outside of records
    const FirdsKind* kind_ = nullptr;   ///< of the open record
    std::size_t record_depth_ = 0;
    std::uint64_t record_begin_ = 0;
    std::vector<const FirdsNode*> nodes_{};  ///< open elements of a record; unknown ones are null
    std::string text_{};                     ///< of the innermost element so far
    std::map<std::string, std::uint64_t, std::less<>> unknown_kinds_{};
};

}  // namespace isinfetch
