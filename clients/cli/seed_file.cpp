#include "clients/cli/seed_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace clients {

using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

/// An open file that is closed at the end of its scope.
class File {
 public:
  File(const std::filesystem::path& path, int flags, mode_t mode = 0)
      : number_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (number_ >= 0) ::close(number_);
  }
  bool is_open() const { return number_ >= 0; }
  int number() const { return number_; }

 private:
  int number_;
};

Error failed(const char* what) {
  return Error{ErrorCode::storage_failed, std::string(what) + ": " + std::strerror(errno)};
}

}  // namespace

Result<events::SecretSeed> read_seed_file(const std::filesystem::path& path) {
  const File file(path, O_RDONLY);
  if (!file.is_open()) return failed("device key");
  std::array<std::uint8_t, 33> bytes{};
  const ssize_t size = ::read(file.number(), bytes.data(), bytes.size());
  if (size < 0) return failed("device key");
  events::SecretSeed seed;
  if (static_cast<std::size_t>(size) != seed.bytes.size()) {
    return Error{ErrorCode::storage_corrupt, "the device key is not 32 bytes"};
  }
  std::memcpy(seed.bytes.data(), bytes.data(), seed.bytes.size());
  return seed;
}

Result<void> write_seed_file(const std::filesystem::path& path, const events::SecretSeed& seed) {
  std::filesystem::path beside = path;
  beside += ".new";
  {
    const File file(beside, O_WRONLY | O_CREAT | O_TRUNC, S_IRUSR | S_IWUSR);
    if (!file.is_open()) return failed("device key");
    const ssize_t written = ::write(file.number(), seed.bytes.data(), seed.bytes.size());
    if (written != static_cast<ssize_t>(seed.bytes.size())) return failed("device key");
    if (::fchmod(file.number(), S_IRUSR | S_IWUSR) != 0) return failed("device key");
    if (::fsync(file.number()) != 0) return failed("device key");
  }
  if (::rename(beside.c_str(), path.c_str()) != 0) return failed("device key");
  const File folder(path.parent_path(), O_RDONLY | O_DIRECTORY);
  if (!folder.is_open() || ::fsync(folder.number()) != 0) return failed("device key");
  return {};
}

}  // namespace clients
