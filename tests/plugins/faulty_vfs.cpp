#include "tests/plugins/faulty_vfs.hpp"

#include <catch2/catch.hpp>

#include <mutex>
#include <optional>
#include <string_view>

namespace reckoner::support {
namespace {

std::mutex guard;
std::optional<FileFault> ordered;
int came_about = 0;

struct File {
  sqlite3_file base;
  const char* name;  // SQLite keeps it as long as the file
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

File* file(sqlite3_file* handle) {
  return reinterpret_cast<File*>(handle);
}

// The result to fail with; SQLITE_OK: do not.
int fault_of(sqlite3_file* handle, FileCall call) {
  const std::lock_guard hold(guard);
  const char* name = file(handle)->name;
  if (!ordered || ordered->call != call || name == nullptr ||
      !std::string_view(name).ends_with(ordered->ending))
    return SQLITE_OK;
  if (ordered->after-- > 0) return SQLITE_OK;
  ++came_about;
  return ordered->result;
}

// Passes a call on to the system's file.
template <auto Method, class... Arguments>
auto pass_on(sqlite3_file* handle, Arguments... arguments) {
  sqlite3_file* real = file(handle)->real();
  return (real->pMethods->*Method)(real, arguments...);
}

int close_file(sqlite3_file* handle) {
  return pass_on<&sqlite3_io_methods::xClose>(handle);
}
int read(sqlite3_file* handle, void* to, int size, sqlite3_int64 at) {
  return pass_on<&sqlite3_io_methods::xRead>(handle, to, size, at);
}
int write(sqlite3_file* handle, const void* from, int size, sqlite3_int64 at) {
  if (const int fault = fault_of(handle, FileCall::write)) return fault;
  return pass_on<&sqlite3_io_methods::xWrite>(handle, from, size, at);
}
int truncate(sqlite3_file* handle, sqlite3_int64 size) {
  return pass_on<&sqlite3_io_methods::xTruncate>(handle, size);
}
int sync(sqlite3_file* handle, int flags) {
  if (const int fault = fault_of(handle, FileCall::sync)) return fault;
  return pass_on<&sqlite3_io_methods::xSync>(handle, flags);
}
int size(sqlite3_file* handle, sqlite3_int64* out) {
  return pass_on<&sqlite3_io_methods::xFileSize>(handle, out);
}
int lock(sqlite3_file* handle, int kind) {
  return pass_on<&sqlite3_io_methods::xLock>(handle, kind);
}
int unlock(sqlite3_file* handle, int kind) {
  return pass_on<&sqlite3_io_methods::xUnlock>(handle, kind);
}
int check_lock(sqlite3_file* handle, int* out) {
  return pass_on<&sqlite3_io_methods::xCheckReservedLock>(handle, out);
}
int control(sqlite3_file* handle, int what, void* argument) {
  return pass_on<&sqlite3_io_methods::xFileControl>(handle, what, argument);
}
int sector(sqlite3_file* handle) {
  return pass_on<&sqlite3_io_methods::xSectorSize>(handle);
}
int device(sqlite3_file* handle) {
  return pass_on<&sqlite3_io_methods::xDeviceCharacteristics>(handle);
}
int share(sqlite3_file* handle, int page, int bytes, int extend, void volatile** out) {
  if (extend != 0)
    if (const int fault = fault_of(handle, FileCall::share)) return fault;
  return pass_on<&sqlite3_io_methods::xShmMap>(handle, page, bytes, extend, out);
}
int share_lock(sqlite3_file* handle, int at, int count, int flags) {
  return pass_on<&sqlite3_io_methods::xShmLock>(handle, at, count, flags);
}
void share_barrier(sqlite3_file* handle) {
  pass_on<&sqlite3_io_methods::xShmBarrier>(handle);
}
int share_end(sqlite3_file* handle, int remove) {
  return pass_on<&sqlite3_io_methods::xShmUnmap>(handle, remove);
}

const sqlite3_io_methods kMethods = {
    2,          close_file,    read,       write,   truncate, sync,   size,
    lock,       unlock,        check_lock, control, sector,   device, share,
    share_lock, share_barrier, share_end,  nullptr, nullptr};

sqlite3_vfs* real_vfs = nullptr;
sqlite3_vfs faulty_vfs;

int open_file(sqlite3_vfs*, const char* name, sqlite3_file* handle, int flags, int* out) {
  File* opened = file(handle);
  opened->name = name;
  opened->base.pMethods = nullptr;
  const int result = real_vfs->xOpen(real_vfs, name, opened->real(), flags, out);
  if (opened->real()->pMethods != nullptr) opened->base.pMethods = &kMethods;
  return result;
}

}  // namespace

FaultyVfs::FaultyVfs() {
  real_vfs = sqlite3_vfs_find(nullptr);
  faulty_vfs = *real_vfs;
  faulty_vfs.zName = "faulty";
  faulty_vfs.szOsFile += static_cast<int>(sizeof(File));
  faulty_vfs.xOpen = open_file;
  REQUIRE(sqlite3_vfs_register(&faulty_vfs, 1) == SQLITE_OK);
}

FaultyVfs::~FaultyVfs() {
  clear();
  sqlite3_vfs_unregister(&faulty_vfs);
  sqlite3_vfs_register(real_vfs, 1);
}

void FaultyVfs::order(const FileFault& fault) {
  const std::lock_guard hold(guard);
  ordered = fault;
  came_about = 0;
}

void FaultyVfs::clear() {
  const std::lock_guard hold(guard);
  ordered.reset();
}

int FaultyVfs::seen() const {
  const std::lock_guard hold(guard);
  return came_about;
}

}  // namespace reckoner::support
