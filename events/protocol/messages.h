#pragma once

#include "events/base/bounded.h"
#include "events/base/bytes.h"
#include "events/base/ids.h"
#include "events/base/result.h"
#include "events/base/text_limits.h"
#include "events/base/time.h"
#include "events/crypto/serialize.h"
#include "events/log/block.h"
#include "events/log/event_log.h"
#include "events/log/private_record.h"
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

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// The messages of the sync protocol CS/1.  C→S goes from a device to the server, S→C from the
/// server to a device.  Grammar and sequences: docs/protocol.md.
namespace events::protocol {

/// How far a reader has applied a log, and what the log was at this place.
struct Cursor {
  Epoch epoch;
  Position position;            ///< 0: nothing is applied yet.  Otherwise the last of a block.
  std::uint64_t fingerprint{};  ///< First 8 bytes of the root after `position`.
  bool operator==(const Cursor&) const = default;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(epoch, position, fingerprint);
  }
};

/// C→S.  The greeting of a device: all that the server needs to resume both directions.
struct Hello {
  static constexpr FrameKind kind = FrameKind::hello;
  std::uint16_t version = protocol_version;
  /// The sum of `feature_…` bits, which stand in channel_binding.h, file_messages.h,
  /// summary_messages.h, scope_messages.h and snapshot_messages.h.
  std::uint32_t features{};
  LogId log;
  ChainNumber chain;
  Timestamp device_time;
  std::array<std::uint8_t, 16> nonce{};
  std::uint64_t head_seq{};        ///< Last event of the device's own chain.
  Digest head_hash;                ///< Chain hash after event `head_seq`.
  std::uint64_t verdicts_known{};  ///< The device has the verdicts of its events up to this seq.
  Cursor cursor;
  /// access_digest_of() the grant that the device holds, or, without feature_scope_grants,
  /// scope_digest_of() its scope.  0: it holds none, or it pulled in another scope than that of the
  /// grant.
  std::uint64_t scope_digest{};
  RulesVersion rules;
  bool live = false;    ///< The server stays connected and sends what is appended later.
  Signature signature;  ///< By the chain's key over bound_hello_statement().

  template <class Archive>
  void serialize(Archive& archive) {
    archive(version, features, log, chain, device_time, nonce, head_seq, head_hash, verdicts_known,
            cursor, scope_digest, rules, live, signature);
  }
};

/// "khuyenhoc-hello-1" ‖ the compact form of `hello` with a zero signature.
Bytes hello_statement(const Hello& hello);
/// The first 8 bytes of SHA-256 over the compact form of `scope`.
std::uint64_t scope_digest_of(const ReaderScope& scope);

/// S→C.  The answer to HELLO.  Until a device has verified the signature, it sends nothing more and
/// changes nothing that it keeps (see greeting_proof.h).  The only other frames that it accepts
/// until then are GOAWAY, ERROR and MOVED, which has a signature of its own.
struct Welcome {
  static constexpr FrameKind kind = FrameKind::welcome;
  std::uint64_t session{};
  Timestamp server_time;
  LogId log;
  Epoch epoch;
  Position head;
  std::uint64_t
      accepted_seq{};  ///< Last event of the device's chain in the log; its next event comes after.
  Digest accepted_hash;
  ReaderScope scope;
  WelcomeAction action = WelcomeAction::proceed;
  RulesVersion rules;
  Bytes challenge{};      ///< challenge_size bytes; ANSWER comes before all else.  Empty: none.
  Signature signature{};  ///< By the system chain's key over welcome_statement().

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
  Timestamp device_time;  ///< The device's clock when it sends: a sample for the server.
  Bytes block;            ///< A device block in any codec, see pack_block().

  template <class Archive>
  void serialize(Archive& archive) {
    archive(device_time, bounded<frame_bytes_max>(block));
  }
};

/// S→C.  Pushed events are durable and have their verdicts.  The receipts are in order of seq.
struct PushAck {
  static constexpr FrameKind kind = FrameKind::push_ack;
  std::uint64_t upto_seq{};  ///< Every event up to this seq is durable.
  std::vector<BlockReceipt> receipts;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(upto_seq, bounded<receipts_max>(receipts));
  }
};

/// S→C.  The server did not take a pushed block; the connection stays open.
struct PushNak {
  static constexpr FrameKind kind = FrameKind::push_nak;
  ErrorCode reason{};
  std::uint64_t first_seq{};     ///< First seq of the block; 0 when the block could not be read.
  std::uint64_t expected_seq{};  ///< The next seq of the chain that the server takes.
  std::string message;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(reason, first_seq, expected_seq, bounded<explanation_bytes_max>(message));
  }
};

/// S→C.  One stored block, the same bytes for every reader.
struct Events {
  static constexpr FrameKind kind = FrameKind::events;
  Bytes block;  ///< A stored block in any codec, see pack_block().

  template <class Archive>
  void serialize(Archive& archive) {
    archive(bounded<frame_bytes_max>(block));
  }
};

/// S→C.  Up to `upto` the reader has everything that it may see, except the blocks of its own
/// chain, whose receipts came before.
struct Mark {
  static constexpr FrameKind kind = FrameKind::mark;
  Cursor upto;
  bool caught_up = false;
  /// The signed head of the log at `upto`, only with `caught_up`.  The first such MARK after a pull
  /// has one, and some of the later ones.
  std::optional<HeadProof> head = {};

  template <class Archive>
  void serialize(Archive& archive) {
    archive(upto, caught_up, head);
    archive.expect(!head || caught_up, "a signed head that is not one");
  }
};

/// Both.  Private records that the following PUSH, EVENTS, LIVE or RECOVER names; in a repair and
/// behind a snapshot they also come without such a frame.
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
    archive(bounded<text_limits::log_origin>(origin), administrator);
  }
};

/// C→S, instead of HELLO.  A new device asks for a chain with a one-time code, or founds the log
/// with the founding code.
struct Enrol {
  static constexpr FrameKind kind = FrameKind::enrol;
  std::uint16_t version = protocol_version;
  std::string code;  ///< 16 letters and digits, without dashes, upper case.
  PublicKey public_key;
  std::string label;
  std::optional<Founding> founding;
  Signature proof;  ///< By the new key over bound_enrol_statement().

  template <class Archive>
  void serialize(Archive& archive) {
    archive(version, bounded<16>(code), public_key, bounded<text_limits::device_label>(label),
            founding, proof);
  }
};

/// "khuyenhoc-enrol-1" ‖ the compact form of `enrol` with a zero proof.
Bytes enrol_statement(const Enrol& enrol);

/// S→C.  The device has a chain.  A device whose answer was lost sends the same request again and
/// gets the same answer.
struct Enrolled {
  static constexpr FrameKind kind = FrameKind::enrolled;
  LogId log;
  ChainNumber chain;
  DeviceId device;
  PublicKey server_key;
  std::vector<PersonId> persons;
  Timestamp server_time;
  Signature signature{};  ///< By the system chain's key over enrolled_statement().

  template <class Archive>
  void serialize(Archive& archive) {
    archive(log, chain, device, server_key, bounded<16>(persons), server_time, signature);
  }
};

enum class GoawayReason : std::uint8_t {
  shutting_down = 1,
  replaced = 2,       ///< The same device has opened a newer connection.
  scope_changed = 3,  ///< Connect again to get the new scope.
  overloaded = 4,
  revoked = 5,
};

/// S→C.  The server is about to close the connection.
struct Goaway {
  static constexpr FrameKind kind = FrameKind::goaway;
  GoawayReason reason{};
  std::uint32_t retry_after_milliseconds{};

  template <class Archive>
  void serialize(Archive& archive) {
    archive(reason, retry_after_milliseconds);
  }
};

/// Both.  The connection is over, and this frame says why.  Only after a wrong enrolment code does
/// the connection stay open, so that the code can be tried again.
struct ErrorFrame {
  static constexpr FrameKind kind = FrameKind::error;
  ErrorCode code{};
  std::uint8_t about{};  ///< Kind of the frame that this one answers, 0 for none.
  std::string message;   ///< English, without personal data.

  template <class Archive>
  void serialize(Archive& archive) {
    archive(code, about, bounded<explanation_bytes_max>(message));
  }
};

/// The messages of all kinds, as a plain variant.
using MessageVariant =
    std::variant<Hello, Welcome, Push, PushAck, PushNak, Events, Mark, PrivateRecords, Enrol,
                 Enrolled, Goaway, ErrorFrame, SignedReceipt, Reconcile, Recover, NewChain, Parked,
                 Live, Prove, Proofs, Subscribe, Unsubscribe, Totals, DossierStatuses, ScopeGrant,
                 Purged, BlobOffer, BlobState, BlobChunk, BlobWant, Credit, Moved, SnapOffer,
                 SnapWant, Snap, Answer>;

/// A message of any kind.  What copies or destroys a variant of this size is long, so messages.cpp
/// alone defines the members that do.
struct Message : MessageVariant {
  using MessageVariant::MessageVariant;
  Message() noexcept;
  Message(const Message& other);
  Message(Message&& other) noexcept;
  Message& operator=(const Message& other);
  Message& operator=(Message&& other) noexcept;
  ~Message();
};

}  // namespace events::protocol
