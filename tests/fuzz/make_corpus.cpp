// Makes the fuzzers' seeds from the golden cases, fixtures and the sample configuration:
//
//   make_corpus GOLDEN-FOLDER HANDWRITTEN-SEEDS CONFIGURATION OUT-FOLDER
//
// makes OUT-FOLDER/history, /webhook_body, /signature, /binary and /configuration.
#include <boost/json.hpp>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "engine/customer/state_encoding.hpp"
#include "engine/json/price_book_json.hpp"
#include "sim/replay/replayer.hpp"
#include "tests/support/files.hpp"

namespace reckoner {
namespace {

namespace bj = boost::json;
namespace fs = std::filesystem;
using support::read_file;

// Seeds are many and small: a fuzzer changes a small one faster.
constexpr std::size_t kLinesInSeed = 40;
constexpr std::size_t kLargestSeed = 16'384;
constexpr std::size_t kMostOfOneKind = 4;

void write(const fs::path& path, std::string_view bytes) {
  if (bytes.size() > kLargestSeed) return;
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary).write(bytes.data(), std::streamsize(bytes.size()));
}

std::vector<fs::path> files_of(const fs::path& folder, std::string_view ending) {
  std::vector<fs::path> out;
  for (const auto& file : fs::directory_iterator(folder))
    if (file.path().filename().string().ends_with(ending)) out.push_back(file.path());
  std::sort(out.begin(), out.end());
  return out;
}

void make_histories(const fs::path& history, const fs::path& out) {
  std::string part;
  std::size_t lines = 0, parts = 0;
  const auto finish = [&] {
    if (!part.empty()) write(out / (history.stem().string() + std::to_string(++parts)), part);
    part.clear();
    lines = 0;
  };
  support::each_line(read_file(history), [&](std::string_view line) {
    part.append(line) += '\n';
    if (++lines == kLinesInSeed) finish();
  });
  finish();
}

// All bodies of a history; and each body of the fixtures by itself.
void make_bodies(const fs::path& golden, const fs::path& out) {
  for (const fs::path& history : files_of(golden, ".history.jsonl")) {
    std::string bodies;
    support::each_line(read_file(history), [&](std::string_view line) {
      const bj::value value = bj::parse({line.data(), line.size()});
      if (const bj::value* body = value.as_object().if_contains("body"))
        bodies += bj::serialize(*body) + '\n';
    });
    if (!bodies.empty()) write(out / history.stem(), bodies);
  }
  for (const fs::path& body : files_of(golden / "polar-fixtures" / "raw", ".body"))
    write(out / body.filename(), read_file(body));
}

void make_signatures(const fs::path& golden, const fs::path& out) {
  const fs::path folder = golden / "polar-fixtures";
  const bj::value all = bj::parse(read_file(folder / "signed-vectors.json"));
  for (const bj::value& vector : all.at("vectors").as_array()) {
    const auto text = [](const bj::value& value) { return std::string(value.as_string()); };
    const std::string file = text(vector.at("file"));
    for (const char* way : {"legacy", "standard"}) {
      const std::string headers = text(vector.at("webhook-id")) + '\n' +
                                  text(vector.at("webhook-timestamp")) + '\n' +
                                  text(vector.at(way).at("signature")) + '\n';
      write(out / (fs::path(file).stem().string() + "." + way),
            "any\nold secret," + text(vector.at(way).at("secret")) + "\n-\n" + headers +
                read_file(folder / file));
    }
  }
  write(out / "guide",
        "guide\nJefe Jefe\nsha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839d"
        "ec58b964ec3843\n-\n-\n-\nwhat do ya want for nothing?");
}

Book book_for(const fs::path& history) {
  Book book;
  std::string name = history.filename().string();
  name.replace(name.find(".history.jsonl"), std::string::npos, ".prices.json");
  const fs::path prices = history.parent_path() / name;
  if (fs::exists(prices)) book.prices = json::read_price_book(read_file(prices)).value();
  return book;
}

// The blocks of a journal file.
void make_blocks(std::string_view journal, const std::string& name, const fs::path& out) {
  Decoder in(journal.substr(kJournalFileMark.size()));
  for (std::size_t frame = 0; !in.rest().empty() && frame < 2 * kMostOfOneKind; ++frame) {
    const bool is_block = in.byte() == 1;
    const std::string bytes(in.text());
    if (!is_block) continue;
    const bool identity = BlockReader(bytes).header().shard == kIdentityShard;
    write(out / (name + ".block" + std::to_string(frame)), (identity ? "i" : "c") + bytes);
  }
}

void make_binary(const fs::path& history, const fs::path& out) {
  sim::ReplayOptions options;
  options.book = book_for(history);
  std::string journal;
  JournalFileWriter writer([&](std::string_view part) { journal += part; });
  sim::Replayer replayer(options);
  replayer.write_to(&writer);
  support::each_line(read_file(history), [&](std::string_view line) {
    RECKONER_CHECK(replayer.line(line).ok(), "a golden history is not good");
  });
  writer.finish();
  const std::string name = history.stem().string();
  write(out / (name + ".journal"), "j" + journal);
  write(out / (name + ".book"), "b" + encode_book(options.book));
  make_blocks(journal, name, out);
  Encoder tables;
  encode(tables, replayer.ledger().identity());
  write(out / (name + ".tables"), "t" + tables.bytes());
  std::size_t snapshots = 0;
  for (const CustomerState* state : replayer.ledger().sorted())
    if (snapshots++ < kMostOfOneKind)
      write(out / (name + ".snapshot" + std::to_string(snapshots)), "s" + encode_snapshot(*state));
}

// The sample whole, and each section of it, with what it has as comments; and other TOML, by part.
void make_configurations(std::string_view sample, const fs::path& handwritten,
                         const fs::path& out) {
  std::string all, section;
  std::size_t sections = 0;
  const auto finish = [&] {
    write(out / ("section" + std::to_string(++sections)), section);
    section.clear();
  };
  support::each_line(sample, [&](std::string_view line) {
    if (line.starts_with('[') && !section.empty()) finish();
    const bool is_key = line.starts_with("# ") && line.find(" = ") != line.npos &&
                        line.find("prices") == line.npos && line.find("tls") == line.npos;
    if (is_key) line.remove_prefix(2);
    std::string text(line);
    for (const char* secret : {"polar_oat_…", "whsec_…"})
      if (const auto at = text.find(secret); at != text.npos)
        text.replace(at, std::string_view(secret).size(), "hidden-Q7zX");
    all.append(text) += '\n';
    section.append(text) += '\n';
  });
  finish();
  write(out / "sample", all);
  for (const fs::path& file : files_of(handwritten, ".toml")) {
    const std::string text = read_file(file);
    write(out / file.filename(), text);
    std::size_t lines = 0;
    support::each_line(text, [&](std::string_view line) {
      write(out / (file.stem().string() + ".line" + std::to_string(++lines)), line);
    });
  }
}

}  // namespace
}  // namespace reckoner

int main(int argc, char** argv) {
  using namespace reckoner;
  if (argc != 5) {
    std::fprintf(stderr,
                 "usage: make_corpus GOLDEN-FOLDER HANDWRITTEN-SEEDS CONFIGURATION OUT-FOLDER\n");
    return 2;
  }
  const fs::path golden = argv[1], handwritten = argv[2], configuration = argv[3], out = argv[4];
  std::vector<fs::path> histories = files_of(golden, ".history.jsonl");
  for (const fs::path& history : files_of(handwritten, ".history.jsonl"))
    histories.push_back(history);
  for (const fs::path& history : histories) {
    make_histories(history, out / "history");
    make_binary(history, out / "binary");
  }
  make_bodies(golden, out / "webhook_body");
  make_signatures(golden, out / "signature");
  make_configurations(read_file(configuration), handwritten, out / "configuration");
  return 0;
}
