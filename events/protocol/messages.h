#pragma once

#include "events/block.h"
#include "events/bounded.h"
#include "events/bytes.h"
#include "events/crypto/serialize.h"
#include "events/event_log.h"
#include "events/ids.h"
#include "events/private_record.h"
#include "events/protocol/bundle_messages.h"
#include "events/protocol/file_messages.h"
#include "events/protocol/frame_kind.h"
#include "events/protocol/incarnation_messages.h"
#include "events/protocol/limits.h"
#include "events/protocol/live_messages.h"
#include "events/protocol/move_messages.h"
#include "events/protocol/proof_messages.h"
#include "events/protocol/receipt_messages.h"
#include "events/protocol/repair_messages.h"
#include "events/protocol/scope_messages.h"
#include "events/protocol/signed_head.h"
#include "events/protocol/snapshot_messages.h"
#include "events/protocol/summary_messages.h"
#include "events/result.h"
#include "events/text/text_limits.h"
#include "events/time.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// What two sides say to each other, CS/1.  Grammar and sequences: docs/protocol.md.
namespace events::protocol {

/// How far a reader has applied a log, and what the log was then.
struct Cursor {
  Epoch epoch;
  Position position;            ///< 0: nothing yet.  Otherwise the last of a block.
  std::uint64_t fingerprint{};  ///< First 8 bytes of the root there.
  bool operator==(const Cursor&) const = default;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(epoch, position, fingerprint);
  }
};

/// C→S.  Everything the server needs to resume both directions.
struct Hello {
  static constexpr FrameKind kind = FrameKind::hello;
  std::uint16_t version = protocol_version;
  /// Bits; see channel_binding.h, file_…, summary_…, scope_… and snapshot_messages.h.
  std::uint32_t features{};
  LogId log;
  ChainNumber chain;
  Timestamp device_time;
  std::array<std::uint8_t, 16> nonce{};
  std::uint64_t head_seq{};        ///< Last event of its own chain.
  Digest head_hash;                ///< Chain hash there.
  std::uint64_t verdicts_known{};  ///< Own events up to here have their verdicts.
  Cursor cursor;
  /// access_digest_of() the grant it holds; 0 for none.  Without feature_scope_grants:
  /// scope_digest_of() the scope it holds.
  std::uint64_t scope_digest{};
  RulesVersion rules;
  bool live = false;    ///< Stay and send what comes.
  Signature signature;  ///< Of the chain's key over hello_statement().

  template <class Archive>
  void serialize(Archive& archive) {
    archive(version, features, log, chain, device_time, nonce, head_seq, head_hash, verdicts_known,
            cursor, scope_digest, rules, live, signature);
  }
};

/// "khuyenhoc-hello-1" ‖ the compact form of `hello` with a zero signature.
Bytes hello_statement(const Hello& hello);
/// First 8 bytes of SHA-256 over the compact form of `scope`.
std::uint64_t scope_digest_of(const ReaderScope& scope);

/// S→C.  Answer to HELLO.  Nothing else counts on a connection, and nothing leaves the device,
/// before its signature is verified: see greeting_proof.h.
struct Welcome {
  static constexpr FrameKind kind = FrameKind::welcome;
  std::uint64_t session{};
  Timestamp server_time;
  LogId log;
  Epoch epoch;
  Position head;
  std::uint64_t
      accepted_seq{};  ///< Of the device's chain: the next event it sends is the one after.
  Digest accepted_hash;
  ReaderScope scope;
  WelcomeAction action = WelcomeAction::proceed;
  RulesVersion rules;
  Bytes challenge{};      ///< Of challenge_size: to be answered before all else.  Empty: none.
  Signature signature{};  ///< Of the system chain's key over welcome_statement().

  template <class Archive>
  void serialize(Archive& archive) {
    archive(session, server_time, log, epoch, head, accepted_seq, accepted_hash, scope, action,
            rules, bounded<challenge_size>(challenge), signature);
    archive.expect(action <= WelcomeAction::forked, "an action that nobody takes");
    archive.expect(challenge.empty() || challenge.size() == challenge_size,
                   "a challenge of another length");
  }
};

/// C→S.  A signed run of the device's own chain.
struct Push {
  static constexpr FrameKind kind = FrameKind::push;
  Timestamp device_time;  ///< Device clock at sending: the clock sample.
  Bytes block;            ///< encode_device_block().

  template <class Archive>
  void serialize(Archive& archive) {
    archive(device_time, bounded<frame_bytes_max>(block));
  }
};

/// S→C.  Durable, with verdicts.  Receipts are in order of seq.
struct PushAck {
  static constexpr FrameKind kind = FrameKind::push_ack;
  std::uint64_t upto_seq{};  ///< Everything up to here is durable.
  std::vector<BlockReceipt> receipts;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(upto_seq, bounded<receipts_max>(receipts));
  }
};

/// S→C.  A pushed block was not taken; the connection stays open.
struct PushNak {
  static constexpr FrameKind kind = FrameKind::push_nak;
  ErrorCode reason{};
  std::uint64_t first_seq{};     ///< Of the block, 0 when it could not be read.
  std::uint64_t expected_seq{};  ///< What the chain goes on with.
  std::string message;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(reason, first_seq, expected_seq, bounded<explanation_bytes_max>(message));
  }
};

/// S→C.  One stored block, the same bytes for every reader.
struct Events {
  static constexpr FrameKind kind = FrameKind::events;
  Bytes block;  ///< encode_stored_block().

  template <class Archive>
  void serialize(Archive& archive) {
    archive(bounded<frame_bytes_max>(block));
  }
};

/// S→C.  The reader misses nothing up to here but its own chain's blocks, whose receipts came
/// before.
struct Mark {
  static constexpr FrameKind kind = FrameKind::mark;
  Cursor upto;
  bool caught_up = false;
  /// Where the log speaks for itself: with the first MARK that says caught up, and now and then.
  std::optional<HeadProof> head = {};

  template <class Archive>
  void serialize(Archive& archive) {
    archive(upto, caught_up, head);
    archive.expect(!head || caught_up, "a signed head that is not one");
  }
};

/// Both.  Private records that the following PUSH or EVENTS names.
struct PrivateRecords {
  static constexpr FrameKind kind = FrameKind::private_records;
  std::vector<PrivateRecord> records;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(bounded<private_records_max>(records));
  }
};

/// The founding of a log by its first administrator.
struct Founding {
  std::string origin;           ///< Name of the log, see LogFounded.
  PrivateRecord administrator;  ///< PersonRecord of the first administrator.

  template <class Archive>
  void serialize(Archive& archive) {
    archive(bounded<128>(origin), administrator);
  }
};

/// C→S, instead of HELLO.  A new device with a one-time code, or the founding code.
struct Enrol {
  static constexpr FrameKind kind = FrameKind::enrol;
  std::uint16_t version = protocol_version;
  std::string code;  ///< 16 letters and digits, without dashes, upper case.
  PublicKey public_key;
  std::string label;
  std::optional<Founding> founding;
  Signature proof;  ///< Of the new key over enrol_statement().

  template <class Archive>
  void serialize(Archive& archive) {
    archive(version, bounded<16>(code), public_key, bounded<text_limits::device_label>(label),
            founding, proof);
  }
};

/// "khuyenhoc-enrol-1" ‖ the compact form of `enrol` with a zero proof.
Bytes enrol_statement(const Enrol& enrol);

/// S→C.  The device has a chain.  Answered again, the same, when the answer was lost.
struct Enrolled {
  static constexpr FrameKind kind = FrameKind::enrolled;
  LogId log;
  ChainNumber chain;
  DeviceId device;
  PublicKey server_key;
  std::vector<PersonId> persons;
  Timestamp server_time;
  Signature signature{};  ///< Of the system chain's key over enrolled_statement().

  template <class Archive>
  void serialize(Archive& archive) {
    archive(log, chain, device, server_key, bounded<16>(persons), server_time, signature);
  }
};

enum class GoawayReason : std::uint8_t {
  shutting_down = 1,
  replaced = 2,       ///< A newer connection of the same device.
  scope_changed = 3,  ///< Connect again to get the new scope.
  overloaded = 4,
  revoked = 5,
};

/// S→C.  The server is about to close.
struct Goaway {
  static constexpr FrameKind kind = FrameKind::goaway;
  GoawayReason reason{};
  std::uint32_t retry_after_milliseconds{};

  template <class Archive>
  void serialize(Archive& archive) {
    archive(reason, retry_after_milliseconds);
  }
};

/// Both.  The connection is over; says why.
struct ErrorFrame {
  static constexpr FrameKind kind = FrameKind::error;
  ErrorCode code{};
  std::uint8_t about{};  ///< Kind of the frame it answers, 0 for none.
  std::string message;   ///< English, without personal data.

  template <class Archive>
  void serialize(Archive& archive) {
    archive(code, about, bounded<explanation_bytes_max>(message));
  }
};

using Message = std::variant<Hello, Welcome, Push, PushAck, PushNak, Events, Mark, PrivateRecords,
                             Enrol, Enrolled, Goaway, ErrorFrame, SignedReceipt, Reconcile, Recover,
                             NewChain, Parked, Live, Prove, Proofs, Subscribe, Unsubscribe, Totals,
                             DossierStatuses, ScopeGrant, Purged, BlobOffer, BlobState, BlobChunk,
                             BlobWant, Credit, Moved, SnapOffer, SnapWant, Snap, Answer>;

}  // namespace events::protocol
