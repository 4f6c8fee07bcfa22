#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "actors/files/line_input.hpp"
#include "actors/files/line_output.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary_folder.hpp"

namespace reckoner::files {
namespace {

using support::TemporaryFolder;

struct Lines {
  std::vector<std::string> lines;
  std::string error;  // empty: none
};

Lines read(const std::string& path) {
  Lines out;
  Result<LineInput> input = LineInput::open(path);
  if (!input) return {{}, input.error().detail};
  std::string_view line;
  while (input->next(line)) out.lines.emplace_back(line);
  if (Status status = input->status(); !status) out.error = status.error().detail;
  return out;
}

void write(const std::string& path, const std::vector<std::string>& lines) {
  Result<LineOutput> output = LineOutput::open(path);
  REQUIRE(output);
  for (const std::string& line : lines) output->write(line);
  REQUIRE(output->close());
}

std::vector<std::string> many_lines() {
  std::vector<std::string> lines = {"", "first", ""};
  for (int i = 0; i < 100'000; ++i) lines.push_back("line " + std::to_string(i * 7919));
  lines.push_back(std::string(3'000'000, 'x'));  // longer than any buffer
  lines.push_back("a carriage return stays\r");
  return lines;
}

std::string packed(const std::string& text) {
  z_stream packer{};
  REQUIRE(deflateInit2(&packer, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&packer, text.size()) + 32, '\0');
  packer.next_in = reinterpret_cast<unsigned char*>(const_cast<char*>(text.data()));
  packer.avail_in = static_cast<unsigned>(text.size());
  packer.next_out = reinterpret_cast<unsigned char*>(out.data());
  packer.avail_out = static_cast<unsigned>(out.size());
  REQUIRE(deflate(&packer, Z_FINISH) == Z_STREAM_END);
  out.resize(packer.total_out);
  deflateEnd(&packer);
  return out;
}

}  // namespace

TEST_CASE("lines come back as they were written, plain and packed", "[files]") {
  const TemporaryFolder folder;
  const std::vector<std::string> lines = many_lines();
  for (const char* name : {"plain.jsonl", "packed.jsonl.gz"}) {
    write(folder.file(name), lines);
    const Lines back = read(folder.file(name));
    CHECK(back.error.empty());
    CHECK((back.lines == lines));
  }
  CHECK(folder.names().size() == 2);
  const std::string bytes = support::read_file(folder.file("packed.jsonl.gz"));
  CHECK(bytes.starts_with("\x1F\x8B"));
  CHECK(bytes.size() < 1'000'000);
}

TEST_CASE("the end of a file ends its last line", "[files]") {
  const TemporaryFolder folder;
  CHECK(read(folder.write("none", "")).lines.empty());
  CHECK(read(folder.write("one", "\n")).lines == std::vector<std::string>{""});
  CHECK(read(folder.write("two", "a\nb")).lines == std::vector<std::string>{"a", "b"});
  CHECK(read(folder.write("three", "\x1F")).lines == std::vector<std::string>{"\x1F"});
}

TEST_CASE("what is gzip is unpacked whatever its name", "[files]") {
  const TemporaryFolder folder;
  const std::string one = packed("a\nb\n"), two = packed("c\n");
  CHECK(read(folder.write("history", one)).lines == std::vector<std::string>{"a", "b"});
  const Lines parts = read(folder.write("parts.gz", one + two + std::string(5, '\0')));
  CHECK(parts.lines == std::vector<std::string>{"a", "b", "c"});
  CHECK(parts.error.empty());
}

TEST_CASE("a packed file that is cut off anywhere is an error", "[files]") {
  const TemporaryFolder folder;
  std::string text;
  for (int i = 0; i < 40; ++i) text += "line " + std::to_string(i * i) + "\n";
  const std::string whole = packed(text);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Lines cut = read(folder.write("cut.gz", whole.substr(0, size)));
    INFO(size << " of " << whole.size() << " bytes");
    CHECK_FALSE(cut.error.empty());
  }
  // Also where a second part is cut off, however little there is of it.
  for (std::size_t size = 1; size < whole.size(); ++size) {
    const Lines cut = read(folder.write("cut.gz", whole + whole.substr(0, size)));
    INFO(size << " of " << whole.size() << " bytes of the second part");
    CHECK_FALSE(cut.error.empty());
  }
}

TEST_CASE("a packed file that is damaged is an error", "[files]") {
  const TemporaryFolder folder;
  const std::string whole = packed("one line\nanother line\n");
  for (std::size_t at = whole.size() - 8; at < whole.size(); ++at) {  // checksum and length
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    CHECK_THAT(read(folder.write("damaged.gz", damaged)).error, Catch::Contains("damaged"));
  }
  CHECK_THAT(read(folder.write("garbage.gz", whole + "garbage")).error, Catch::Contains("damaged"));
  CHECK_THAT(read(folder.write("plain.gz", "one line\n")).error, Catch::Contains("no gzip file"));
}

TEST_CASE("files that cannot be opened or read are errors that say why", "[files]") {
  const TemporaryFolder folder;
  CHECK_THAT(read(folder.file("nothing")).error, Catch::Contains("No such file"));
  CHECK_THAT(read(folder.file("")).error, Catch::Contains("directory"));
  CHECK_FALSE(LineOutput::open(folder.file("no/such/folder")));
}

TEST_CASE("how much of a file is read is known, packed too", "[files]") {
  const TemporaryFolder folder;
  const std::vector<std::string> lines = many_lines();
  for (const char* name : {"plain", "packed.gz"}) {
    write(folder.file(name), lines);
    Result<LineInput> input = LineInput::open(folder.file(name));
    REQUIRE(input);
    CHECK(input->bytes_total() == std::filesystem::file_size(folder.file(name)));
    std::uint64_t before = 0;
    for (std::string_view line; input->next(line);) {
      if (input->bytes_read() < before) FAIL("goes back");
      before = input->bytes_read();
    }
    CHECK(input->bytes_read() == input->bytes_total());
  }
}

TEST_CASE("- is standard input, packed or not, and its length unknown in a pipe", "[files]") {
  for (const bool pack : {false, true}) {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    const std::string bytes = pack ? packed("a\nb") : "a\nb";
    REQUIRE(::write(ends[1], bytes.data(), bytes.size()) == std::ssize(bytes));
    close(ends[1]);
    const int standard = dup(STDIN_FILENO);
    dup2(ends[0], STDIN_FILENO);
    const Lines lines = read("-");
    dup2(standard, STDIN_FILENO);
    close(standard);
    close(ends[0]);
    CHECK(lines.lines == std::vector<std::string>{"a", "b"});
    CHECK(lines.error.empty());
  }
}

TEST_CASE("a full disk is an error", "[files]") {
  if (!std::filesystem::exists("/dev/full")) {
    WARN("skipped: there is no /dev/full here");
    return;
  }
  const TemporaryFolder folder;
  const std::string packed_name = folder.file("full.gz");
  std::filesystem::create_symlink("/dev/full", packed_name);
  for (const std::string& path : {std::string("/dev/full"), packed_name}) {
    Result<LineOutput> output = LineOutput::open(path);
    REQUIRE(output);
    std::string line(1000, 'x');
    for (int i = 0; i < 2000; ++i) {
      line[static_cast<std::size_t>(i) % line.size()] = static_cast<char>('a' + i % 26);
      output->write(line);
    }
    const Status closed = output->close();
    REQUIRE_FALSE(closed);
    CHECK(closed.error().detail == "cannot write " + path + ": No space left on device");
  }
}

TEST_CASE("a file takes its name only once it is whole", "[files]") {
  const TemporaryFolder folder;
  const std::string path = folder.write("history.jsonl", "old\n");
  {
    Result<LineOutput> output = LineOutput::open(path);
    REQUIRE(output);
    output->write(std::string(1'000'000, 'x'));
    CHECK(folder.names().size() == 2);
    CHECK(support::read_file(path) == "old\n");
  }  // given up
  CHECK(folder.names() == std::vector<std::string>{"history.jsonl"});
  CHECK(support::read_file(path) == "old\n");

  std::filesystem::create_symlink("history.jsonl", folder.file("link"));
  write(folder.file("link"), {"new"});
  CHECK(support::read_file(path) == "new\n");
  CHECK(std::filesystem::is_symlink(folder.file("link")));
}

}  // namespace reckoner::files
