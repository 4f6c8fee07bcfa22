// A vector whose elements never move: it grows by whole chunks. An element is found by arithmetic,
// without a pointer to chase for each (a std::deque of elements this large has one of those).
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace reckoner {

template <class T, std::size_t kChunk = 256>
class StableVector {
 public:
  StableVector() = default;
  StableVector(StableVector&& other) noexcept
      : chunks_(std::move(other.chunks_)), size_(std::exchange(other.size_, 0)) {}
  StableVector& operator=(StableVector&& other) noexcept {
    chunks_ = std::move(other.chunks_);
    size_ = std::exchange(other.size_, 0);
    return *this;
  }

  T& push_back(T value) {
    if (size_ % kChunk == 0) chunks_.push_back(std::make_unique<T[]>(kChunk));
    T& place = (*this)[size_++];
    place = std::move(value);
    return place;
  }

  T& operator[](std::size_t i) { return chunks_[i / kChunk][i % kChunk]; }
  const T& operator[](std::size_t i) const { return chunks_[i / kChunk][i % kChunk]; }
  T& front() { return (*this)[0]; }
  const T& front() const { return (*this)[0]; }
  T& back() { return (*this)[size_ - 1]; }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  template <class Vector>
  struct Iterator {
    Vector* of;
    std::size_t at;
    auto& operator*() const { return (*of)[at]; }
    auto* operator->() const { return &(*of)[at]; }
    Iterator& operator++() {
      ++at;
      return *this;
    }
    friend bool operator==(const Iterator&, const Iterator&) = default;
  };
  auto begin() { return Iterator<StableVector>{this, 0}; }
  auto end() { return Iterator<StableVector>{this, size_}; }
  auto begin() const { return Iterator<const StableVector>{this, 0}; }
  auto end() const { return Iterator<const StableVector>{this, size_}; }

 private:
  std::vector<std::unique_ptr<T[]>> chunks_;
  std::size_t size_ = 0;
};

}  // namespace reckoner
