// A vector in 8 bytes, for state that is kept a million times over: size and capacity stand before
// the elements, an empty one has no allocation, and it grows by an eighth. Otherwise as
// std::vector, with the few members that state needs. Elements move without throwing.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace reckoner {

template <class T>
class CompactVector {
 public:
  using value_type = T;
  using iterator = T*;
  using const_iterator = const T*;

  CompactVector() = default;
  CompactVector(std::initializer_list<T> items) : CompactVector(items.begin(), items.end()) {}
  template <class Iterator>
  CompactVector(Iterator first, Iterator last) {
    reserve(static_cast<std::size_t>(std::distance(first, last)));
    for (; first != last; ++first) push_back(*first);
  }
  CompactVector(const CompactVector& other) : CompactVector(other.begin(), other.end()) {}
  CompactVector(CompactVector&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  CompactVector& operator=(CompactVector other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~CompactVector() {
    std::destroy(begin(), end());
    release(block_);
  }

  std::size_t size() const { return block_ == nullptr ? 0 : block_->size; }
  bool empty() const { return size() == 0; }
  T* begin() { return items(block_); }
  T* end() { return begin() + size(); }
  const T* begin() const { return items(block_); }
  const T* end() const { return begin() + size(); }
  auto rbegin() { return std::reverse_iterator(end()); }
  auto rend() { return std::reverse_iterator(begin()); }
  auto rbegin() const { return std::reverse_iterator(end()); }
  auto rend() const { return std::reverse_iterator(begin()); }
  T& operator[](std::size_t i) { return begin()[i]; }
  const T& operator[](std::size_t i) const { return begin()[i]; }
  T& front() { return *begin(); }
  const T& front() const { return *begin(); }
  T& back() { return end()[-1]; }
  const T& back() const { return end()[-1]; }

  void reserve(std::size_t capacity) {
    if (capacity <= this->capacity()) return;
    Block* grown = allocate(capacity);
    grown->size = static_cast<std::uint32_t>(size());
    std::uninitialized_move(begin(), end(), items(grown));
    std::destroy(begin(), end());
    release(std::exchange(block_, grown));
  }

  T& push_back(T value) {
    if (size() == capacity()) reserve(size() + 1 + size() / 8);
    T* place = std::construct_at(end(), std::move(value));
    ++block_->size;
    return *place;
  }

  // Before `where`.
  T* insert(T* where, T value) {
    const std::ptrdiff_t at = where - begin();
    push_back(std::move(value));
    std::rotate(begin() + at, end() - 1, end());
    return begin() + at;
  }

  void erase(T* first, T* last) {
    if (first == last) return;
    T* const kept = std::move(last, end(), first);
    std::destroy(kept, end());
    block_->size = static_cast<std::uint32_t>(kept - begin());
  }
  void erase(T* where) { erase(where, where + 1); }

  friend bool operator==(const CompactVector& a, const CompactVector& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }

 private:
  struct Block {
    std::uint32_t size, capacity;
  };
  static_assert(alignof(T) <= sizeof(Block));
  static_assert(std::is_nothrow_move_constructible_v<T>);

  static T* items(Block* block) {
    return block == nullptr ? nullptr : reinterpret_cast<T*>(block + 1);
  }
  static Block* allocate(std::size_t capacity) {
    void* bytes = ::operator new(sizeof(Block) + capacity * sizeof(T));
    return new (bytes) Block{0, static_cast<std::uint32_t>(capacity)};
  }
  static void release(Block* block) { ::operator delete(block); }
  std::size_t capacity() const { return block_ == nullptr ? 0 : block_->capacity; }

  Block* block_ = nullptr;
};

}  // namespace reckoner
