#pragma once

#include "events/base/bounded.h"
#include "events/base/bytes.h"
#include "events/base/ids.h"
#include "events/crypto/serialize.h"
#include "events/crypto/signature.h"
#include "events/protocol/frame_kind.h"

#include <cstddef>
#include <string>

namespace events::protocol {

inline constexpr std::size_t address_bytes_max = 256;

/// S→C.  The log lives at another address now; it is the same log, and cursors hold there.  Signed,
/// so that nobody else can lead devices away.
struct Moved {
  static constexpr FrameKind kind = FrameKind::moved;
  LogId log;
  std::string address;  ///< "wss://khuyenhoc.example:8470"
  Signature signature;  ///< Of the system chain's key over moved_statement().

  bool operator==(const Moved&) const = default;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(log, bounded<address_bytes_max>(address), signature);
  }
};

/// "khuyenhoc-moved-1" ‖ the compact form of `moved` with a zero signature.
Bytes moved_statement(const Moved& moved);
Moved sign_moved(LogId log, std::string address, const SigningKey& server_key);
/// Whether the owner of `server_key` signed exactly this.
bool is_authentic(const Moved& moved, const PublicKey& server_key);

}  // namespace events::protocol
