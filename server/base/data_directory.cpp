#include "server/base/data_directory.h"

#include "events/crypto/key_fingerprint.h"
#include "platform/random.h"
#include "platform/secret_file.h"
#include "server/base/folder_modes.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <span>
#include <string_view>
#include <utility>

namespace server {

using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

/// Crockford's: without I, L, O and U, which are misread.
constexpr std::string_view code_letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t code_length = 16;
constexpr std::size_t code_group = 4;
constexpr std::size_t fingerprint_group = 5;

Error io_error(const std::filesystem::path& path, const char* what) {
  return {ErrorCode::io_failed, path.string() + ": " + what + ": " + std::strerror(errno)};
}

/// Closes itself.
struct File {
  int number = -1;
  ~File() {
    if (number >= 0) ::close(number);
  }
};

/// The letters and digits of a code, without dashes and blanks, in upper case.
std::string plain_code(std::string_view text) {
  std::string code;
  for (const char letter : text) {
    const char upper = letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 32) : letter;
    if (code_letters.find(upper) != std::string_view::npos) code += upper;
  }
  return code;
}

std::string in_groups(std::string_view letters, std::size_t group) {
  std::string grouped;
  for (std::size_t index = 0; index < letters.size(); ++index) {
    if (index != 0 && index % group == 0) grouped += '-';
    grouped += letters[index];
  }
  return grouped;
}

}  // namespace

struct DataDirectory::Lock {
  File file;
};

DataDirectory::DataDirectory(std::filesystem::path path, std::shared_ptr<Lock> lock)
    : path_(std::move(path)), lock_(std::move(lock)) {}

Result<DataDirectory> DataDirectory::open(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return Error{ErrorCode::io_failed, path.string() + ": " + error.message()};

  const std::filesystem::path lock_path = path / "lock";
  auto lock = std::make_shared<Lock>();
  lock->file.number = ::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock->file.number < 0) return io_error(lock_path, "cannot be opened");
  if (::flock(lock->file.number, LOCK_EX | LOCK_NB) != 0) {
    return Error{ErrorCode::busy, path.string() + " is in use by another server"};
  }
  if (Result<void> kept = keep_to_owner(path); !kept) return kept.error();
  return DataDirectory(path, std::move(lock));
}

Result<events::SigningKey> DataDirectory::key(bool may_create) const {
  const std::filesystem::path path = path_ / "server.key";
  events::SecretSeed seed;
  if (!std::filesystem::exists(path)) {
    if (!may_create) {
      return Error{ErrorCode::not_found, path.string() +
                                             " is missing; put back the key this log "
                                             "was founded with"};
    }
    seed = platform::random_seed();
    const std::string_view bytes(reinterpret_cast<const char*>(seed.bytes.data()),
                                 seed.bytes.size());
    if (auto written = platform::make_secret(path, bytes); !written) return written.error();
    return events::SigningKey::from_seed(seed);
  }
  const Result<std::string> content = platform::read_secret(path);
  if (!content) return content.error();
  if (content->size() != seed.bytes.size()) {
    return Error{ErrorCode::storage_corrupt, path.string() + " does not hold 32 bytes"};
  }
  std::ranges::copy(*content, seed.bytes.begin());
  return events::SigningKey::from_seed(seed);
}

Result<std::string> DataDirectory::make_founding_code(const events::PublicKey& log_key) const {
  const std::filesystem::path path = founding_code();
  const std::string fingerprint = events::key_fingerprint(log_key);
  if (std::filesystem::exists(path)) {
    const Result<std::string> content = platform::read_secret(path);
    if (!content) return content.error();
    const std::string letters = plain_code(*content);
    if (letters.size() == code_length + fingerprint.size() && letters.ends_with(fingerprint)) {
      return letters.substr(0, code_length);
    }
    return Error{ErrorCode::storage_corrupt,
                 path.string() +
                     " does not hold 16 letters and digits and the fingerprint of the "
                     "log's key; remove it"};
  }
  std::string code = platform::new_code();
  const std::string content =
      in_groups(code, code_group) + "-" + in_groups(fingerprint, fingerprint_group) + "\n";
  if (auto written = platform::make_secret(path, content); !written) return written.error();
  return code;
}

void DataDirectory::remove_founding_code() const {
  std::error_code ignored;
  std::filesystem::remove(founding_code(), ignored);
}

}  // namespace server
