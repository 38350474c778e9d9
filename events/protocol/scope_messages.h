#pragma once

#include "events/base/bounded.h"
#include "events/base/bytes.h"
#include "events/base/ids.h"
#include "events/base/time.h"
#include "events/crypto/serialize.h"
#include "events/log/event_log.h"
#include "events/protocol/frame_kind.h"

#include <cstdint>
#include <vector>

/// What a device may hold and for how long, and the proof that it let go of the rest.
namespace events::protocol {

/// Bits of Hello::features.
inline constexpr std::uint32_t feature_scope_grants = 8;  ///< Understands SCOPE, sends PURGED.
inline constexpr std::uint32_t feature_renew_lease = 16;  ///< Less than two thirds of it are left.

inline constexpr std::size_t grant_units_max = 1024;
/// So that the event a receipt becomes stays below event_bytes_max.
inline constexpr std::size_t purged_units_max = 512;

/// Whose private records a reader gets.
struct PrivateAccess {
  bool everywhere = false;
  std::vector<UnitId> communes;  ///< Ascending, each once.
  bool operator==(const PrivateAccess&) const = default;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(everywhere, bounded<grant_units_max>(communes));
  }
};

/// First 8 bytes of SHA-256 over the compact form of both: what HELLO says of a kept grant.
std::uint64_t access_digest_of(const ReaderScope& scope, const PrivateAccess& private_access);

/// S→C.  What the device may hold from now on.  Everything else goes: first its own unsent events
/// are pushed, then blocks and private records of others are destroyed, then PURGED says so.
struct ScopeGrant {
  static constexpr FrameKind kind = FrameKind::scope;
  LogId log;
  ChainNumber chain;
  Position as_of;  ///< Head of the log when it was given; a later grant replaces an earlier one.
  ReaderScope scope;
  PrivateAccess private_access;
  Timestamp granted_at;   ///< Server clock.
  Timestamp valid_until;  ///< The lease: without contact, private records are locked from then on.
  bool revoked = false;   ///< The device was revoked: it delivers what is unsent and keeps nothing.
  Signature signature;    ///< Of the system chain's key over scope_grant_statement().

  bool operator==(const ScopeGrant&) const = default;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(log, chain, as_of, scope, private_access, granted_at, valid_until, revoked, signature);
  }
};

/// "khuyenhoc-scope-1" ‖ the compact form of `grant` with a zero signature.
Bytes scope_grant_statement(const ScopeGrant& grant);

/// C→S.  What the grant took away is destroyed.  Repeated until the log says that it knows.
struct Purged {
  static constexpr FrameKind kind = FrameKind::purged;
  LogId log;
  ChainNumber chain;
  Position as_of;             ///< Of the grant it answers.
  std::vector<UnitId> units;  ///< Whose private records were destroyed; the first 512.
  std::uint64_t blocks{};     ///< Received blocks outside the grant that were dropped.
  Digest removed;             ///< removed_digest() of them.
  Signature signature;        ///< Of the chain's key over purged_statement().

  bool operator==(const Purged&) const = default;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(log, chain, as_of, bounded<purged_units_max>(units), blocks, removed, signature);
  }
};

/// "khuyenhoc-purged-1" ‖ the compact form of `purged` with a zero signature.
Bytes purged_statement(const Purged& purged);
/// SHA-256 over the compact form of the first positions of dropped blocks, ascending.
Digest removed_digest(const std::vector<Position>& firsts);

}  // namespace events::protocol
