// The files that a store lies in: what a command writes must not take the place of one.
#pragma once

#include <string>

namespace reckoner::commands {

// Whether `path`, through links too, is a file of the store or a name that the store keeps for one.
// "-" is where standard output goes. Stores that lie in no file have none.
bool is_file_of_store(const std::string& path, const std::string& url);

}  // namespace reckoner::commands
