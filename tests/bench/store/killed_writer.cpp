#include "tests/bench/store/killed_writer.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/basics/check.hpp"
#include "tests/bench/store/store_run.hpp"

namespace reckoner::bench {

void write_and_kill(const std::filesystem::path& folder, std::uint64_t first,
                    std::uint64_t batches) {
  int told[2];
  RECKONER_CHECK(pipe(told) == 0, "no pipe");
  const std::string number = std::to_string(first);
  const pid_t child = fork();
  RECKONER_CHECK(child >= 0, "no process");
  if (child == 0) {
    dup2(told[1], STDOUT_FILENO);
    execl("/proc/self/exe", "store_bench", "--write-until-killed", number.c_str(), "--folder",
          folder.c_str(), static_cast<char*>(nullptr));
    _exit(1);
  }
  close(told[1]);
  char durable = 0;
  for (std::uint64_t i = 0; i < batches; ++i)
    RECKONER_CHECK(read(told[0], &durable, 1) == 1, "the process that writes has failed");
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  close(told[0]);
}

void write_until_killed(const std::filesystem::path& folder, std::uint64_t first) {
  StoreRun run(folder, 0);
  run.open(Measured::whole_driver);
  run.go_on_from(first);
  while (run.take(kKilledBatch, kKilledBatch).wrong == 0)
    if (write(STDOUT_FILENO, ".", 1) != 1) break;
  _exit(1);
}

}  // namespace reckoner::bench
