// The canonical encoding of a book (docs/formats.md, Books), and its hash, which is its name.
#pragma once

#include <string_view>

#include "engine/basics/bytes.hpp"
#include "engine/basics/sha256.hpp"
#include "engine/books/books.hpp"

namespace reckoner {

std::string encode_book(const Book& book);
// The error says what is wrong: bytes that are no book, or a book of rules this program lacks.
Result<Book> decode_book(std::string_view bytes);
inline Digest book_hash(const Book& book) {
  return sha256(encode_book(book));
}

}  // namespace reckoner
