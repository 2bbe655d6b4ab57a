#include "parse/html_links.hpp"

#include "util/error.hpp"

#include <gumbo.h>

#include <algorithm>
#include <cstddef>
#include <memory_resource>

namespace isinfetch {

namespace {

constexpr std::ptrdiff_t kMostTags = 50'000;

/// What gumbo made of a page. Its memory is given back all at once: gumbo's own way of taking a
/// tree down is recursive, and elements nest as deep as the publisher likes.
class Tree {
public:
    explicit Tree(std::string_view page) {
        GumboOptions options = kGumboDefaultOptions;
        options.allocator = [](void* memory, std::size_t size) {
            return static_cast<std::pmr::memory_resource*>(memory)->allocate(size);
        };
        options.deallocator = [](void*, void*) {};
        options.userdata = static_cast<std::pmr::memory_resource*>(&memory_);
        options.max_errors = 0;
        output_ = gumbo_parse_with_options(&options, page.data(), page.size());
    }

    const GumboNode* root() const noexcept { return output_->root; }

private:
    std::pmr::monotonic_buffer_resource memory_{};
    const GumboOutput* output_ = nullptr;
};

std::string value_of(const GumboElement& element, const char* name) {
    const GumboAttribute* const attribute = gumbo_get_attribute(&element.attributes, name);
    return attribute == nullptr ? "" : attribute->value;
}

void take_attributes(const GumboElement& element,
                     const std::vector<std::string>& attributes,
                     PageLinks& found) {
    for (const std::string& name : attributes) {
        if (std::string link = value_of(element, name.c_str()); !link.empty()) {
            found.links.push_back(std::move(link));
        }
    }
}

void take(const GumboElement& element, PageLinks& found) {
    std::string href = value_of(element, "href");
    if (href.empty()) {
        return;
    }
    if (element.tag == GUMBO_TAG_A || element.tag == GUMBO_TAG_AREA) {
        found.links.push_back(std::move(href));
    } else if (element.tag == GUMBO_TAG_BASE && found.base.empty()) {
        found.base = std::move(href);
    }
}

}  // namespace

PageLinks html_links(std::string_view page, const std::vector<std::string>& attributes) {
    if (std::ranges::count(page, '<') > kMostTags) {
        fail(ErrorKind::data, "a page of more than {} tags", kMostTags);
    }
    const Tree tree(page);
    PageLinks found;
    // No recursion here either.
    std::vector<const GumboNode*> todo{tree.root()};
    while (!todo.empty()) {
        const GumboNode* const node = todo.back();
        todo.pop_back();
        if (node->type != GUMBO_NODE_ELEMENT && node->type != GUMBO_NODE_TEMPLATE) {
            continue;
        }
        const GumboElement& element = node->v.element;
        take(element, found);
        take_attributes(element, attributes, found);
        for (unsigned i = element.children.length; i > 0; --i) {
            todo.push_back(static_cast<const GumboNode*>(element.children.data[i - 1]));
        }
    }
    return found;
}

}  // namespace isinfetch
