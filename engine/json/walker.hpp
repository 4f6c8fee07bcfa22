// Goes over a JSON text without building a tree: a reader says which places of the text it cares
// for, and is handed the scalars that stand there, numbers as they are written (so that none that
// means money passes through floating point).
//
// A reader has: an enum Place with the values `nowhere` (nothing below matters) and `root` (the
// members of the outermost object; other texts than objects have no places);
//   Place enter(Place parent, std::string_view key, Container kind);  // an object or array begins
//   void scalar(Place parent, std::string_view key, const Scalar& value);
// A key is empty inside an array, and at the root. Include walker_impl.hpp where walk is called.
#pragma once

#include <boost/json/basic_parser.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace reckoner::json {

struct Scalar {
  enum class Kind : std::uint8_t { null, boolean, integer, number, string };
  Kind kind = Kind::null;
  std::string_view text;     // a string's value, or a number as written; borrowed for the call
  std::int64_t integer = 0;  // of an integer that fits (others are of kind `number`); 1 for true

  bool is_text() const { return kind == Kind::string && !text.empty(); }
  // null and the empty string are as not given.
  bool given() const { return kind != Kind::null && (kind != Kind::string || !text.empty()); }
};

enum class Container : std::uint8_t { object, array };

// What Boost.JSON's parser calls; keeps track of where in the text it is.
template <class Reader>
class WalkHandler {
 public:
  using Failure = boost::json::error_code;
  using Bytes = boost::json::string_view;
  static constexpr std::size_t max_object_size = std::size_t(-1);
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1);
  static constexpr std::size_t max_string_size = std::size_t(-1);

  explicit WalkHandler(Reader& reader) : reader_(reader) {}

  void start() {
    levels_.clear();
    key_open_ = text_open_ = false;
  }

  bool on_document_begin(Failure&) { return true; }
  bool on_document_end(Failure&) { return true; }
  bool on_object_begin(Failure&) { return begin(Container::object); }
  bool on_object_end(std::size_t, Failure&) { return end(); }
  bool on_array_begin(Failure&) { return begin(Container::array); }
  bool on_array_end(std::size_t, Failure&) { return end(); }
  bool on_key_part(Bytes part, std::size_t, Failure&) { return gather(key_, key_open_, part); }
  bool on_key(Bytes part, std::size_t, Failure&) {
    gather(key_, key_open_, part);
    key_open_ = false;
    return true;
  }
  bool on_string_part(Bytes part, std::size_t, Failure&) { return gather(text_, text_open_, part); }
  bool on_string(Bytes part, std::size_t, Failure&) { return text(Scalar::Kind::string, 0, part); }
  bool on_number_part(Bytes part, Failure&) { return gather(text_, text_open_, part); }
  bool on_int64(std::int64_t value, Bytes part, Failure&) {
    return text(Scalar::Kind::integer, value, part);
  }
  bool on_uint64(std::uint64_t, Bytes part, Failure&) {
    return text(Scalar::Kind::number, 0, part);
  }
  bool on_double(double, Bytes part, Failure&) { return text(Scalar::Kind::number, 0, part); }
  bool on_bool(bool value, Failure&) { return found({Scalar::Kind::boolean, {}, value}); }
  bool on_null(Failure&) { return found({}); }
  bool on_comment_part(Bytes, Failure&) { return true; }
  bool on_comment(Bytes, Failure&) { return true; }

 private:
  using Place = typename Reader::Place;
  struct Level {
    Place place;
    Container kind;
  };

  // Keys and texts with escapes come in parts.
  static bool gather(std::string& into, bool& open, Bytes part) {
    if (!open) into.clear();
    open = true;
    into.append(part.data(), part.size());
    return true;
  }
  bool text(Scalar::Kind kind, std::int64_t value, Bytes part) {
    if (!text_open_) return found({kind, {part.data(), part.size()}, value});
    gather(text_, text_open_, part);
    text_open_ = false;
    return found({kind, text_, value});
  }
  bool begin(Container kind) {
    Place place = Place::root;
    if (!levels_.empty()) {
      place = levels_.back().place;
      if (place != Place::nowhere) place = reader_.enter(place, key(), kind);
    } else if (kind == Container::array) {
      place = Place::nowhere;
    }
    levels_.push_back({place, kind});
    return true;
  }
  bool end() {
    levels_.pop_back();
    return true;
  }
  bool found(const Scalar& value) {
    if (levels_.empty() || levels_.back().place == Place::nowhere) return true;
    reader_.scalar(levels_.back().place, key(), value);
    return true;
  }
  std::string_view key() const {
    return levels_.back().kind == Container::object ? std::string_view(key_) : std::string_view();
  }

  Reader& reader_;
  std::vector<Level> levels_;
  std::string key_, text_;
  bool key_open_ = false, text_open_ = false;
};

// How deep objects and arrays may be nested.
inline constexpr std::uint32_t kMaxDepth = 256;

// One for many texts: it keeps its buffers. Limits: kMaxDepth, and Boost.JSON takes no number whose
// exponent leaves int.
template <class Reader>
class Walker {
 public:
  explicit Walker(Reader& reader, std::uint32_t max_depth = kMaxDepth)
      : parser_(options(max_depth), reader) {}

  // Goes over a whole JSON text. Returns what is wrong with it as JSON; empty if nothing is.
  std::string walk(std::string_view text);

 private:
  static boost::json::parse_options options(std::uint32_t max_depth) {
    boost::json::parse_options out;
    out.max_depth = max_depth;
    return out;
  }

  boost::json::basic_parser<WalkHandler<Reader>> parser_;
};

// The shortest decimal that stands for the same binary double as a JSON number: how a JSON number
// that means money is read (billing-rules.md, Words). "0" below the smallest double; empty above
// the largest.
std::string shortest_decimal(std::string_view number);

// The position behind the JSON value that begins at `at`: at the comma or bracket that follows, or
// the end. Of a text that is no JSON it is some position from `at` to the end.
std::size_t value_end(std::string_view text, std::size_t at);
// Behind the closing quote of the string that begins at `at`; behind the end where there is none.
std::size_t string_end(std::string_view text, std::size_t at);

// The text of a member of a JSON object, as it stands in the object's text; the last one, if the
// key comes twice. Empty where there is none. `object` is the text of a JSON object for sure, and
// `key` needs no escapes (in the text it may have some).
std::string_view raw_member(std::string_view object, std::string_view key);

}  // namespace reckoner::json
