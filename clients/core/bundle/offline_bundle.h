#pragma once

#include "clients/core/bundle/bundle_files.h"
#include "clients/core/replica/replica.h"
#include "clients/core/sync/sync_engine.h"
#include "events/base/result.h"
#include "events/bundle/bundle_header.h"
#include "events/bundle/bundle_writer.h"
#include "events/bundle/byte_source.h"
#include "events/bundle/clock_sample.h"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace clients {

/// When the device last heard from the server on the network, by both clocks; none before.
events::Result<events::bundle::ClockSample> last_contact(const ClientStore& store);
/// Errors:  device_storage.
events::Result<void> note_contact(ClientStore& store, const events::bundle::ClockSample& contact);

/// What an export needs from outside: the clock, and bytes drawn at random.
struct BundleMaking {
  events::Timestamp now;
  std::array<std::uint8_t, 16> nonce{};
  events::SealingSecret ephemeral;  ///< For this bundle only.
  events::SealingKey reply_to;      ///< Of the device.
  /// First own event to put in; 0: the first that has no answer yet.
  std::uint64_t since = 0;
  /// Null: no files go in.  It outlives the call.
  const FilePacking* files = nullptr;
};

/// What went into a bundle.
struct ExportReport {
  std::uint64_t first_seq = 0;  ///< Own events; both 0: none, it only asks for news.
  std::uint64_t last_seq = 0;
  /// The own event that stayed here with all behind it, its private record being damaged; 0: none.
  std::uint64_t unreadable = 0;
  std::uint64_t bytes = 0;
  PackedFiles files;
};

/// Writes a bundle for the server: the very frames that a connection would begin with, and behind
/// them the files of evidence that the server is not known to have.  The first run goes in plain
/// form, so that it can be judged or parked without what came before.
/// Errors:  not_found: the server's sealing key is not known here yet; device_storage; those of
///          `sink`; needs_signature: what was written to `sink` is no bundle, and with the same
///          `making` the same statements are signed.
events::Result<ExportReport> export_bundle(Replica& replica, const BundleMaking& making,
                                           events::bundle::ByteSink sink);

/// What an import brought.
struct ImportReport {
  enum class Outcome : std::uint8_t {
    taken = 1,  ///< Everything in it is here now.
    known = 2,  ///< Older than what the device has: nothing changed.
  };
  Outcome outcome = Outcome::taken;
  bool was_cut = false;  ///< Its beginning was taken: the file ends too early, or what follows may
                         ///< be about what the device had before it was set back.
  SyncProgress progress;
  std::vector<events::protocol::Parked> parked;  ///< What the server keeps until the rest comes.
  events::Timestamp created;                     ///< Server clock.
  FileAnswers files;
};

/// Takes the server's answer in, as if its frames had come on a connection.  An answer that came
/// late, twice or after the network changes nothing that is newer here.
/// Errors:  not_permitted: for another device; fork: about events that this device has otherwise;
///          bad_signature, malformed, too_large: it was changed on the way.  Nothing of it was
///          taken then.  And those of SyncEngine and FileAnswerReader.
events::Result<ImportReport> import_bundle(Replica& replica, FileStore& files,
                                           events::bundle::ByteSource& source,
                                           const events::SealingSecret& secret,
                                           events::Timestamp now);

}  // namespace clients
