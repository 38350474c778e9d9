#include "clients/core/log/awaited_signer.h"

#include <algorithm>
#include <utility>

namespace clients {

using events::Bytes;
using events::ByteView;
using events::PublicKey;
using events::Result;
using events::Signature;

namespace {

constexpr std::size_t signature_size = 64;

Signature signature_in(ByteView answer) {
  Signature signature;
  std::copy_n(answer.begin(), signature.bytes.size(), signature.bytes.begin());
  return signature;
}

bool is_same(ByteView one, ByteView other) {
  return std::equal(one.begin(), one.end(), other.begin(), other.end());
}

}  // namespace

void AwaitedSignatures::give(ByteView answer) {
  PublicKey key;
  if (answer.size() < signature_size + key.bytes.size()) return;
  const ByteView request = answer.subspan(signature_size);
  std::copy_n(request.begin(), key.bytes.size(), key.bytes.begin());
  if (!events::verify(key, request.subspan(key.bytes.size()), signature_in(answer))) return;
  answers_.emplace_back(answer.begin(), answer.end());
}

Result<Signature> AwaitedSignatures::find(const PublicKey& key, ByteView message) {
  Bytes request(key.bytes.begin(), key.bytes.end());
  events::append_bytes(request, message);
  for (const Bytes& answer : answers_) {
    if (is_same(ByteView(answer).subspan(signature_size), request)) return signature_in(answer);
  }
  bool is_known = false;
  for (const Bytes& known : requests_) is_known = is_known || is_same(known, request);
  if (!is_known) requests_.push_back(std::move(request));
  return events::Error{events::ErrorCode::needs_signature, "the browser has to sign first"};
}

void AwaitedSignatures::clear() {
  answers_.clear();
  requests_.clear();
}

}  // namespace clients
