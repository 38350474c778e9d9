#pragma once

#include "events/archive/compact.h"
#include "events/base/text_archive.h"
#include "events/crypto/digest.h"
#include "events/crypto/sealing.h"
#include "events/crypto/signature.h"

#include <concepts>
#include <string>

namespace events {

/// The types that are byte strings of a fixed size: raw bytes in compact form, hexadecimal in JSON.
template <class T>
concept FixedBytes = std::same_as<T, Digest> || std::same_as<T, PublicKey> ||
    std::same_as<T, SealingKey> || std::same_as<T, Signature>;

template <FixedBytes T>
void save(CompactOutput& archive, const T& value) {
  archive.write_bytes(value.bytes);
}

template <FixedBytes T>
void load(CompactInput& archive, T& value) {
  const ByteView source = archive.read_bytes(value.bytes.size());
  std::copy(source.begin(), source.end(), value.bytes.begin());
}

// Version 14 of clang-format breaks requires clauses.
// clang-format off
template <class Archive, FixedBytes T>
  requires is_text_archive<Archive>
std::string save_minimal(const Archive& /*archive*/, const T& value) {
  return to_hex(value.bytes);
}
// clang-format on

}  // namespace events
