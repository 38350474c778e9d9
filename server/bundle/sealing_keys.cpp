#include "server/bundle/sealing_keys.h"

#include "platform/random.h"
#include "platform/secret_file.h"

#include <algorithm>
#include <string>

namespace server {

using events::Error;
using events::ErrorCode;
using events::Result;

Result<SealingKeys> SealingKeys::open(const std::filesystem::path& path, bool add_key) {
  SealingKeys keys;
  constexpr std::size_t secret_bytes = sizeof(events::SealingSecret::bytes);
  std::string content;
  if (std::filesystem::exists(path)) {
    Result<std::string> read = platform::read_secret(path);
    if (!read) return read.error();
    content = std::move(*read);
    if (content.empty() || content.size() % secret_bytes != 0) {
      return Error{ErrorCode::storage_corrupt, path.string() + " does not hold keys of 32 bytes"};
    }
  }
  for (std::size_t begin = 0; begin < content.size(); begin += secret_bytes) {
    events::SealingSecret& secret = keys.secrets_.emplace_back();
    std::copy_n(content.begin() + static_cast<std::ptrdiff_t>(begin), secret_bytes,
                secret.bytes.begin());
  }
  if (!add_key && !keys.secrets_.empty()) return keys;

  if (keys.size() == keys_max) {
    return Error{ErrorCode::too_large, path.string() + " holds " + std::to_string(keys_max) +
                                           " keys; the oldest must be taken out by hand"};
  }
  events::SealingSecret& drawn = keys.secrets_.emplace_back();
  platform::fill_random(drawn.bytes);
  content.append(drawn.bytes.begin(), drawn.bytes.end());
  const Result<void> written = platform::replace_secret(path, content);
  if (!written) return written.error();
  return keys;
}

const events::SealingSecret* SealingKeys::find(std::uint64_t key_id) const {
  const auto found = std::ranges::find_if(secrets_, [&](const events::SealingSecret& secret) {
    return events::sealing_key_id(events::sealing_key_of(secret)) == key_id;
  });
  return found == secrets_.end() ? nullptr : &*found;
}

}  // namespace server
