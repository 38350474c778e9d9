#include "clients/device/keyring_file.h"

#include "clients/device/owner_file.h"
#include "events/archive/compact.h"
#include "events/crypto/secret_key.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

namespace clients {

using events::Bytes;
using events::Error;
using events::ErrorCode;
using events::Result;

KeyringLock::KeyringLock(const std::filesystem::path& home, Use use)
    : path_(home / "keyring"), folder_(::open(home.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  const int how = use == Use::read ? LOCK_SH : LOCK_EX;
  while (folder_ >= 0 && ::flock(folder_, how) != 0 && errno == EINTR) {
  }
}

KeyringLock::~KeyringLock() {
  if (folder_ >= 0) ::close(folder_);
}

Result<KeyringContent> KeyringLock::read() const {
  const Result<Bytes> stored = read_owner_file(path_, keyring_bytes_max);
  if (!stored) return stored.error();
  Result<KeyringContent> content = events::decode<KeyringContent>(*stored);
  if (!content) return Error{ErrorCode::storage_corrupt, "keyring: " + content.error().message};
  if (content->version != KeyringContent::format) {
    return Error{ErrorCode::unsupported, "the keyring is newer than this build"};
  }
  return content;
}

Result<void> KeyringLock::write(const KeyringContent& content) const {
  Bytes encoded = events::encode(content);
  Result<void> written = write_owner_file(path_, encoded);
  events::wipe(encoded);
  return written;
}

}  // namespace clients
