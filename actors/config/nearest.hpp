// How much two names differ, to find what a misspelt one was meant to be.
#pragma once

#include <cstddef>
#include <string_view>

namespace reckoner::config {

// Letters to put in, take out or change. Of a long text only the beginning is looked at.
std::size_t difference(std::string_view a, std::string_view b);

}  // namespace reckoner::config
