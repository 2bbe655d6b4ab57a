#include "job/kept.hpp"

#include "support/catch.hpp"
#include "support/temp_dir.hpp"

#include <fstream>

using namespace isinfetch;
using namespace isinfetch::test;

namespace {

void put(const std::filesystem::path& path, const std::string& text) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
}

}  // namespace

TEST_CASE("what a run leaves for the next one", "[kept]") {
    const TempDir directory;
    const auto partial = directory / "partial" / "list";
    CHECK(describe_kept(directory.path(), "list").empty());
    put(partial / "a.part", std::string(2048, 'x'));
    CHECK(describe_kept(directory.path(), "list").empty());  // of which version?
    put(partial / "a.part.meta", R"({"etag":"W/\"weak\"","url":"u"})");
    CHECK(describe_kept(directory.path(), "list").empty());
    put(partial / "a.part.meta", "no JSON");
    CHECK(describe_kept(directory.path(), "list").empty());
    put(partial / "a.part.meta", R"({"etag":"\"one\"","url":"u"})");
    CHECK(describe_kept(directory.path(), "list") == "2KiB of an unfinished download");
    put(partial / "a.part.meta", R"({"last_modified":"yesterday","url":"u"})");
    CHECK(describe_kept(directory.path(), "list") == "2KiB of an unfinished download");
    put(directory / "received" / "list" / "one", "digest 10 one.zip");
    CHECK(describe_kept(directory.path(), "list") ==
          "2KiB of an unfinished download, 1 whole file");
    put(directory / "received" / "list" / "two", "digest 10 two.zip");
    CHECK(describe_kept(directory.path(), "list") ==
          "2KiB of an unfinished download, 2 whole files");
    CHECK(describe_kept(directory.path(), "other").empty());
}
