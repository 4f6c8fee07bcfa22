// A process that writes to a store until it is killed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace reckoner::bench {

inline constexpr std::size_t kKilledBatch = 4'000;

// Starts this program again to write events of the stream from `first` on in batches of
// kKilledBatch, and kills it when so many are durable for sure (the next one may be, too).
void write_and_kill(const std::filesystem::path& folder, std::uint64_t first,
                    std::uint64_t batches);

// What the process that is to be killed does.
[[noreturn]] void write_until_killed(const std::filesystem::path& folder, std::uint64_t first);

}  // namespace reckoner::bench
