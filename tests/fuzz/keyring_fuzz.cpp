// A keyring from a damaged disk is refused, or reads back as it was written.

#include "clients/core/log/keyring_content.h"
#include "events/archive/compact.h"
#include "events/base/check.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const events::ByteView bytes(data, size);
  const auto content = events::decode<clients::KeyringContent>(bytes);
  if (!content) {
    CHECK(content.error().code == events::ErrorCode::malformed, "the only way to refuse it");
    return 0;
  }
  const events::Bytes again = events::encode(*content);
  CHECK(again == events::Bytes(bytes.begin(), bytes.end()), "a keyring has one encoding");
  return 0;
}
