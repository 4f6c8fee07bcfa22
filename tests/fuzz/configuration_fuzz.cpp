// Configurations: an input is a file. It loads, or is refused in one line; what `config show`
// prints of it can be given again; and a secret is never seen.
#include <sys/mman.h>
#include <unistd.h>

#include <boost/json.hpp>

#include <algorithm>
#include <cctype>

#include "actors/config/configuration.hpp"
#include "actors/config/shown_keys.hpp"
#include "actors/config/toml_file.hpp"
#include "engine/books/book_encoding.hpp"
#include "tests/fuzz/fuzz_target.hpp"
#include "tests/support/files.hpp"

namespace reckoner::config {
namespace {

// Seeds have it as the value of secrets.
constexpr std::string_view kSecret = "hidden-Q7zX";

// A file in memory, under a name that load() can open.
class File {
 public:
  File() : file_(memfd_create("configuration", MFD_CLOEXEC)) {
    RECKONER_CHECK(file_ >= 0, "no file in memory");
  }
  std::string holding(std::string_view text) const {
    RECKONER_CHECK(ftruncate(file_, 0) == 0 && pwrite(file_, text.data(), text.size(), 0) ==
                                                   static_cast<ssize_t>(text.size()),
                   "the file in memory does not take the text");
    return "/proc/self/fd/" + std::to_string(file_);
  }

 private:
  int file_;
};

// Whether it stands in the text as the value of secrets, and nowhere else. What stands in a text of
// several lines may look so and is no secret.
bool is_secret_only(std::string_view text) {
  if (text.find("\"\"\"") != text.npos || text.find("'''") != text.npos) return false;
  bool only = true;
  support::each_line(text, [&](std::string_view line) {
    if (line.find(kSecret) == line.npos) return;
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    const std::size_t end =
        std::min(line.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), line.size());
    const std::string_view name = line.substr(0, end);
    line.remove_prefix(std::min(line.find_first_not_of(" \t", end), line.size()));
    only = only && (name == "api_key" || name == "webhook_secret") && line.starts_with('=');
  });
  return only;
}

void check_one_line(std::string_view text) {
  RECKONER_CHECK(!text.empty() && std::ranges::none_of(
                                      text, [](unsigned char c) { return std::iscntrl(c) != 0; }),
                 "a message is not one line");
}

void check_hidden(bool secret_only, std::string_view text) {
  RECKONER_CHECK(!secret_only || text.find(kSecret) == text.npos, "a secret is seen");
}

// Given as it is shown, each value means the same.
void check_shown_again(const std::vector<ShownKey>& shown) {
  Sources sources;
  sources.file = "/dev/null";
  for (const ShownKey& key : shown)
    if (key.given && !key.secret && key.value.find('*') == std::string::npos)
      sources.settings.push_back(std::string(key.key) + "=" + key.value);
  const Result<Configuration> again = load(sources);
  RECKONER_CHECK(again.ok(), "what is shown is not taken");
  const std::vector<ShownKey> shown_again = shown_keys(*again);
  for (std::size_t i = 0; i < shown.size(); ++i)
    RECKONER_CHECK(shown[i].secret || shown[i].value.find('*') != std::string::npos ||
                       shown[i].value == shown_again[i].value,
                   "what is shown, given again, is something else");
}

void check_loaded(const Configuration& configuration, bool secret_only) {
  const std::vector<ShownKey> shown = shown_keys(configuration);
  const std::string table = keys_table(shown), json = keys_json(shown);
  check_hidden(secret_only, table);
  check_hidden(secret_only, json);
  RECKONER_CHECK(std::ranges::count(table, '\n') == std::ptrdiff_t(shown.size()) + 1,
                 "a value breaks its line");
  RECKONER_CHECK(boost::json::parse(json).as_object().size() == shown.size(),
                 "what is shown as JSON lacks a key");
  for (const std::string& note : configuration.notes) {
    check_one_line(note);
    check_hidden(secret_only, note);
  }
  const std::string book = encode_book(configuration.book);
  const Result<Book> decoded = decode_book(book);
  RECKONER_CHECK(decoded.ok() && encode_book(*decoded) == book, "a book does not decode");
  check_shown_again(shown);
}

// Names another file, which is not the input's.
bool names_prices(const std::vector<Given>& given) {
  return std::ranges::any_of(given, [](const Given& one) { return one.key() == "billing.prices"; });
}

}  // namespace
}  // namespace reckoner::config

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace reckoner;
  using namespace reckoner::config;
  static const File file;
  const std::string_view text = fuzz::as_text(data, size);
  const bool secret_only = is_secret_only(text);
  if (const Result<std::vector<Given>> given = read_toml(text); !given) {
    check_one_line(given.error().detail);
    check_hidden(secret_only, given.error().detail);
  } else if (names_prices(*given)) {
    return 0;
  }
  Sources sources;
  sources.file = file.holding(text);
  const Result<Configuration> loaded = load(sources);
  if (!loaded) {
    check_one_line(loaded.error().detail);
    check_hidden(secret_only, loaded.error().detail);
    return 0;
  }
  check_loaded(*loaded, secret_only);
  return 0;
}
