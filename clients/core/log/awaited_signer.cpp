#include "clients/core/log/awaited_signer.h"

#include "events/base/ranges.h"

#include <algorithm>

namespace clients {

using events::Bytes;
using events::ByteView;
using events::PublicKey;
using events::Result;
using events::Signature;

void AwaitedSignatures::give(ByteView answer) {
  Signature signature;
  PublicKey key;
  if (answer.size() < signature.bytes.size() + key.bytes.size()) return;
  std::copy_n(answer.begin(), signature.bytes.size(), signature.bytes.begin());
  const ByteView request = answer.subspan(signature.bytes.size());
  std::copy_n(request.begin(), key.bytes.size(), key.bytes.begin());
  if (!events::verify(key, request.subspan(key.bytes.size()), signature)) return;
  answers_.insert_or_assign(Bytes(request.begin(), request.end()), signature);
}

Result<Signature> AwaitedSignatures::find(const PublicKey& key, ByteView message) {
  Bytes request(key.bytes.begin(), key.bytes.end());
  events::append_bytes(request, message);
  const auto known = answers_.find(request);
  if (known != answers_.end()) return known->second;
  if (events::ranges::find(requests_, request) == requests_.end()) {
    requests_.push_back(std::move(request));
  }
  return events::Error{events::ErrorCode::needs_signature, "the browser has to sign first"};
}

void AwaitedSignatures::clear() {
  answers_.clear();
  requests_.clear();
}

}  // namespace clients
