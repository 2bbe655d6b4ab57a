// What no program can do without that brings a FIRDS file into a database: unpack it, look at its
// bytes, and insert its rows in the order of their keys. Takes the zip archive, the store that
// isinfetch made of it, and the path of a database to write; prints the seconds of each part. With
// a time of publication only its rows are measured: first into an empty table, then into one that
// holds all others.

#include <isa-l/igzip_lib.h>
#include <sqlite3.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace {

constexpr int kRows = 64;  // per statement
constexpr std::size_t kBlock = std::size_t{256} * 1024;

[[noreturn]] void give_up(const char* what) {
    std::fprintf(stderr, "firds_floor: %s\n", what);
    std::exit(1);
}

class Stopwatch {
public:
    double seconds() const {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    }

private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// The only entry of a zip archive, as it is packed.
std::string packed_bytes(const char* path) {
    std::ifstream file(path, std::ios::binary);
    const std::string zip{std::istreambuf_iterator<char>(file), {}};
    const auto two = [&](std::size_t at) {
        return static_cast<std::size_t>(static_cast<unsigned char>(zip[at])) |
               static_cast<std::size_t>(static_cast<unsigned char>(zip[at + 1])) << 8U;
    };
    if (zip.size() < 30 || !zip.starts_with("PK\3\4")) {
        give_up("not a zip archive");
    }
    return zip.substr(30 + two(26) + two(28));
}

/// The columns that a record of FIRDS fills.
constexpr const char* kColumns =
    "isin, venue, mic, name, fisn, cfi, currency, lei, first_trade, termination, maturity, other,"
    " valid_from, published";

/// Unpacks with isa-l, the quickest there is, and counts the tags by memchr.
std::size_t unpack_and_scan(const std::string& packed, double& unpacking, double& scanning) {
    inflate_state state{};
    isal_inflate_init(&state);
    state.crc_flag = ISAL_GZIP_NO_HDR;
    state.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(packed.data()));
    state.avail_in = static_cast<std::uint32_t>(packed.size());
    std::vector<char> block(kBlock);
    std::size_t tags = 0;
    while (state.block_state != ISAL_BLOCK_FINISH) {
        const Stopwatch unpack;
        state.next_out = reinterpret_cast<std::uint8_t*>(block.data());
        state.avail_out = kBlock;
        if (isal_inflate(&state) != ISAL_DECOMP_OK) {
            give_up("damaged archive");
        }
        unpacking += unpack.seconds();
        const Stopwatch scan;
        const char* const end = block.data() + (kBlock - state.avail_out);
        for (const char* at = block.data();
             (at = static_cast<const char*>(
                  std::memchr(at, '<', static_cast<std::size_t>(end - at)))) != nullptr;
             ++at) {
            ++tags;
        }
        scanning += scan.seconds();
    }
    return tags;
}

void check(int code, sqlite3* database) {
    if (code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE) {
        give_up(sqlite3_errmsg(database));
    }
}

void execute(sqlite3* database, const std::string& sql) {
    check(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), database);
}

struct Rows {
    std::vector<std::string> columns{};  // those that are used
    std::vector<std::string> values{};   // row after row
};

Rows read_rows(const char* path, const std::string& published) {
    sqlite3* store = nullptr;
    check(sqlite3_open_v2(path, &store, SQLITE_OPEN_READONLY, nullptr), store);
    sqlite3_stmt* statement = nullptr;
    const std::string sql = std::string("SELECT ") + kColumns +
                            " FROM listing WHERE published LIKE ?1 ORDER BY isin, venue";
    check(sqlite3_prepare_v2(store, sql.c_str(), -1, &statement, nullptr), store);
    check(sqlite3_bind_text(statement, 1, published.c_str(), -1, SQLITE_STATIC), store);
    Rows rows;
    for (int i = 0; i < sqlite3_column_count(statement); ++i) {
        rows.columns.emplace_back(sqlite3_column_name(statement, i));
    }
    while (sqlite3_step(statement) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(statement); ++i) {
            const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, i));
            rows.values.emplace_back(text != nullptr ? text : "");
        }
    }
    sqlite3_finalize(statement);
    sqlite3_close(store);
    return rows;
}

sqlite3_stmt* prepare_insert(sqlite3* database, std::size_t columns, int rows) {
    std::string one = "(?";
    for (std::size_t i = 1; i < columns; ++i) {
        one += ",?";
    }
    one += ")";
    std::string sql = "INSERT INTO listing VALUES " + one;
    for (int i = 1; i < rows; ++i) {
        sql += "," + one;
    }
    sqlite3_stmt* statement = nullptr;
    check(sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr), database);
    return statement;
}

/// The table; with everything from `store` that was not published then. Not measured.
void prepare(const char* path, const char* store, const std::string& published) {
    sqlite3* database = nullptr;
    check(sqlite3_open(path, &database), database);
    execute(database,
            std::string("DROP TABLE IF EXISTS listing; CREATE TABLE listing (") + kColumns +
                ", PRIMARY KEY (isin, venue, published)) WITHOUT ROWID");
    if (store != nullptr) {
        execute(database, std::string("ATTACH '") + store + "' AS store");
        execute(database,
                std::string("INSERT INTO listing SELECT ") + kColumns +
                    " FROM store.listing WHERE published <> '" + published +
                    "' ORDER BY isin, venue, published");
        // As a store that is read while it is written.
        execute(database, "DETACH store; PRAGMA journal_mode = WAL");
    }
    sqlite3_close(database);
}

double insert(const Rows& rows, const char* path) {
    const Stopwatch watch;
    sqlite3* database = nullptr;
    check(sqlite3_open(path, &database), database);
    execute(database, "PRAGMA synchronous = FULL; PRAGMA cache_size = -65536");
    execute(database, "BEGIN");
    const std::size_t width = rows.columns.size();
    sqlite3_stmt* many = prepare_insert(database, width, kRows);
    sqlite3_stmt* one = prepare_insert(database, width, 1);
    for (std::size_t at = 0; at < rows.values.size();) {
        const bool is_many = rows.values.size() - at >= kRows * width;
        sqlite3_stmt* statement = is_many ? many : one;
        for (std::size_t i = 0; i < (is_many ? kRows * width : width); ++i, ++at) {
            const std::string& value = rows.values[at];
            if (value.empty()) {
                sqlite3_bind_null(statement, static_cast<int>(i + 1));
            } else {
                sqlite3_bind_text(statement,
                                  static_cast<int>(i + 1),
                                  value.data(),
                                  static_cast<int>(value.size()),
                                  SQLITE_STATIC);
            }
        }
        check(sqlite3_step(statement), database);
        sqlite3_reset(statement);
    }
    sqlite3_finalize(many);
    sqlite3_finalize(one);
    execute(database, "COMMIT");
    sqlite3_close(database);
    return watch.seconds();
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4 && argc != 5) {
        std::fputs("usage: firds_floor ARCHIVE STORE DATABASE [PUBLISHED]\n", stderr);
        return 64;
    }
    double unpacking = 0;
    double scanning = 0;
    if (unpack_and_scan(packed_bytes(argv[1]), unpacking, scanning) == 0) {
        give_up("no XML");
    }
    const std::string published = argc == 5 ? argv[4] : "%";
    const Rows rows = read_rows(argv[2], published);
    prepare(argv[3], nullptr, published);
    std::printf("unpack %.3f scan %.3f insert %.3f rows %zu",
                unpacking,
                scanning,
                insert(rows, argv[3]),
                rows.values.size() / rows.columns.size());
    if (argc == 5) {
        prepare(argv[3], argv[2], published);
        std::printf(" insert_among_all %.3f", insert(rows, argv[3]));
    }
    std::puts("");
    return 0;
}
