#pragma once

#include "clients/core/log/file_store.h"
#include "clients/core/log/settings.h"
#include "clients/core/replica/replica.h"
#include "clients/core/replica/sync_status.h"
#include "events/protocol/file_messages.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace clients {

/// When a device sends originals without being asked.
enum class OriginalsPolicy : std::uint8_t {
  always = 1,
  good_link = 2,  ///< At 32 KB/s and more.
  asked = 3,      ///< Never; another device or the server has to ask for the file.
};
/// The policy called "always", "good-link" or "asked"; nothing for other words.
std::optional<OriginalsPolicy> parse_policy(std::string_view word);
std::string_view word_of(OriginalsPolicy policy);

/// What a device notes about files, apart from their bytes: its policy, the files that its own
/// people asked for, the files that others asked it for, and the damaged files.
///
/// Thread: one at a time.
/// Lifetime: the store outlives the object.
class FileRecords {
 public:
  using Names = std::set<events::protocol::FileName>;

  explicit FileRecords(ClientStore& store) : store_(store) {}

  /// The policy; good_link when none was set.
  events::Result<OriginalsPolicy> policy() const;
  events::Result<void> set_policy(OriginalsPolicy policy);

  /// Files to be fetched, because a person on this device asked for them.
  events::Result<Names> wanted() const { return names(settings::files_wanted); }
  events::Result<void> want(const events::protocol::FileName& file) {
    return add(settings::files_wanted, file);
  }
  events::Result<void> forget_wanted(const events::protocol::FileName& file) {
    return drop(settings::files_wanted, file);
  }

  /// Files to be offered to the server, because another device asked for them or the server lost
  /// them.  Neither the policy nor the maker of a file matters.
  events::Result<Names> asked() const { return names(settings::files_asked); }
  events::Result<void> note_asked(const events::protocol::FileName& file) {
    return add(settings::files_asked, file);
  }
  events::Result<void> forget_asked(const events::protocol::FileName& file) {
    return drop(settings::files_asked, file);
  }

  /// Files that were made here and are no longer whole, as this device or the server found.  They
  /// have to be attached again.
  events::Result<Names> damaged() const { return names(settings::files_damaged); }
  events::Result<void> note_damaged(const events::protocol::FileName& file) {
    return add(settings::files_damaged, file);
  }

 private:
  using List = PackedSetting<KeptFileNames>;

  events::Result<Names> names(const List& list) const;
  events::Result<void> add(const List& list, const events::protocol::FileName& file);
  events::Result<void> drop(const List& list, const events::protocol::FileName& file);
  events::Result<void> keep(const List& list, const Names& names);

  ClientStore& store_;
};

/// One file that the log names, as it stands on this device.
struct FileHere {
  events::protocol::FileName name;
  events::DossierId dossier;
  events::Digest sha256;
  std::uint32_t size{};
  events::MediaType media{};
  bool is_own = false;   ///< Made on this device, perhaps on a chain that it has left.
  bool is_here = false;  ///< Its bytes are here; not checked whether whole.
  bool is_stored = false;
  bool is_left_behind = false;  ///< See files_left_behind().
};

/// The files that the log up to `state` names, in its order.  `own`: the chain of this device.
std::vector<FileHere> files_here(const projections::State& state, events::ChainNumber own,
                                 const FileStore& files);

/// The own files of communes that this device no longer reads, of those that are here and whose
/// event was not refused.  The device no longer learns whether the server has such a file.  The
/// originals policy does not hold these files back: the device has to deliver and erase them.
std::vector<FileHere> files_left_behind(const Replica& replica, const FileStore& files);

/// Whether the device should note a request for a file: the device made the file, or has its bytes.
/// Errors:  device_storage.
events::Result<bool> is_to_be_brought(const Replica& replica, const FileStore& files,
                                      const events::protocol::FileName& file);

/// Whether the bytes of `file` are missing here or are not what its event names, so that the file
/// has to be attached again.  False for a file that no event here names.  A server that refuses
/// a file does not show this, because it may have received pieces from another device.
/// Errors:  device_storage.
events::Result<bool> is_damaged(const Replica& replica, const FileStore& files,
                                const events::protocol::FileName& file);

/// Erases the bytes of files left behind once all their names are either in `delivered`, so that
/// the server has them, or noted as damaged.  Bytes that the pending state also names stay.
/// Errors:  device_storage.
events::Result<void> erase_left_behind(const Replica& replica, FileStore& files,
                                       const FileRecords::Names& delivered);

/// The files made here that the server does not have yet.
struct FileCounts {
  Amount thumbnails;
  Amount originals;
  std::uint64_t damaged = 0;  ///< To be attached again; not in the others.
};
/// Errors:  device_storage.
events::Result<FileCounts> file_counts_of(const Replica& replica, const FileStore& files);

}  // namespace clients
