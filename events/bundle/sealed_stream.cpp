#include "events/bundle/sealed_stream.h"

#include "events/base/ranges.h"

#include <algorithm>
#include <string_view>

namespace events::bundle {
namespace {

constexpr std::string_view key_purpose = "khuyenhoc-courier-1";

}  // namespace

Result<SealedStream> SealedStream::with(const Result<SharedSecret>& shared,
                                        const SealingKey& ephemeral, const SealingKey& recipient,
                                        const Digest& header) {
  if (!shared) return shared.error();
  Bytes salt;
  append_bytes(salt, ephemeral.bytes);
  append_bytes(salt, recipient.bytes);
  const Bytes derived = hkdf_sha256(*shared, salt, bytes_of(key_purpose), sizeof(SharedSecret));
  SharedSecret key{};
  ranges::copy(derived, key.begin());
  return SealedStream(key, header);
}

Result<SealedStream> SealedStream::to(const SealingKey& recipient, const SealingSecret& ephemeral,
                                      const Digest& header) {
  return with(agree(ephemeral, recipient), sealing_key_of(ephemeral), recipient, header);
}

Result<SealedStream> SealedStream::from(const SealingKey& ephemeral, const SealingSecret& recipient,
                                        const Digest& header) {
  return with(agree(recipient, ephemeral), ephemeral, sealing_key_of(recipient), header);
}

AeadNonce SealedStream::next_nonce(bool is_last) {
  AeadNonce nonce{};
  // Eleven bytes of number, highest first, then the mark of the last block.
  std::uint64_t number = next_++;
  for (std::size_t index = nonce.size() - 2; number != 0; --index) {
    nonce[index] = static_cast<std::uint8_t>(number & 0xFFU);
    number >>= 8U;
  }
  nonce.back() = is_last ? 1 : 0;
  return nonce;
}

Bytes SealedStream::seal(ByteView plain, bool is_last) {
  return aead_seal(key_, next_nonce(is_last), header_.bytes, plain);
}

Result<Bytes> SealedStream::open(ByteView sealed, bool is_last) {
  return aead_open(key_, next_nonce(is_last), header_.bytes, sealed);
}

}  // namespace events::bundle
