#pragma once

#include "clients/core/file_store.h"
#include "clients/core/replica.h"
#include "clients/core/setting_names.h"
#include "clients/core/sync_status.h"
#include "events/protocol/file_messages.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace clients {

/// When a device sends originals by itself.
enum class OriginalsPolicy : std::uint8_t {
  always = 1,
  good_link = 2,  ///< At 32 KB/s and more.
  asked = 3,      ///< When somebody asked for the file.
};
/// "always", "good-link", "asked"; nothing for other words.
std::optional<OriginalsPolicy> parse_policy(std::string_view word);
std::string_view word_of(OriginalsPolicy policy);

/// What a device keeps about files beside the bytes: its policy, the files its people asked for,
/// and the files that others asked of it.
///
/// Thread: one at a time.
/// Lifetime: the store outlives the book.
class FileRecords {
 public:
  using Names = std::set<events::protocol::FileName>;

  explicit FileRecords(ClientStore& store) : store_(store) {}

  /// good_link when nothing was said.
  events::Result<OriginalsPolicy> policy() const;
  events::Result<void> set_policy(OriginalsPolicy policy);

  /// To be fetched, since somebody here asked for them.
  events::Result<Names> wanted() const { return names(setting_names::files_wanted); }
  events::Result<void> want(const events::protocol::FileName& file) {
    return add(setting_names::files_wanted, file);
  }
  events::Result<void> forget_wanted(const events::protocol::FileName& file) {
    return drop(setting_names::files_wanted, file);
  }

  /// To be offered, whatever the policy says and whoever made them: somebody elsewhere asked for
  /// them, or the server lost them.
  events::Result<Names> asked() const { return names(setting_names::files_asked); }
  events::Result<void> note_asked(const events::protocol::FileName& file) {
    return add(setting_names::files_asked, file);
  }
  events::Result<void> forget_asked(const events::protocol::FileName& file) {
    return drop(setting_names::files_asked, file);
  }

  /// Made here and no longer whole, as this device or the server found: to be taken again.
  events::Result<Names> damaged() const { return names(setting_names::files_damaged); }
  events::Result<void> note_damaged(const events::protocol::FileName& file) {
    return add(setting_names::files_damaged, file);
  }

 private:
  events::Result<Names> names(const std::string& setting) const;
  events::Result<void> add(const std::string& setting, const events::protocol::FileName& file);
  events::Result<void> drop(const std::string& setting, const events::protocol::FileName& file);
  events::Result<void> keep(const std::string& setting, const Names& names);

  ClientStore& store_;
};

/// One file that the log names.
struct FileHere {
  events::protocol::FileName name;
  events::DossierId dossier;
  events::Digest sha256;
  std::uint32_t size{};
  events::MediaType media{};
  bool is_own = false;   ///< Made on this device, perhaps on a chain that it has left.
  bool is_here = false;  ///< Its bytes are here; whether they are whole was not asked.
  bool is_stored = false;
  bool is_left_behind = false;  ///< See files_left_behind().
};

/// The files that the log up to `state` names, in its order.  `own`: the chain of this device.
std::vector<FileHere> files_here(const projections::State& state, events::ChainNumber own,
                                 const FileStore& files);

/// Own files of communes that this device reads no more, as far as they are here and their event
/// was not refused: the server is not known to have them, and only it knows what became of the
/// event.  No habit holds them back: the device is to be rid of them.
std::vector<FileHere> files_left_behind(const Replica& replica, const FileStore& files);

/// Whether the device may have a file that somebody asks for: it made it, or the bytes are here.
/// Errors:  device_storage.
events::Result<bool> is_to_be_brought(const Replica& replica, const FileStore& files,
                                      const events::protocol::FileName& file);

/// Whether the bytes of `file` are not here any more, or not what its event names: then it is to be
/// taken again.  A server that refuses a file may have got its pieces from somebody else.
/// Errors:  device_storage.
events::Result<bool> is_damaged(const Replica& replica, const FileStore& files,
                                const events::protocol::FileName& file);

/// Erases files left behind whose every name is among `delivered`, so that the server has them, or
/// counts as damaged.
/// Errors:  device_storage.
events::Result<void> erase_left_behind(const Replica& replica, FileStore& files,
                                       const FileRecords::Names& delivered);

/// What of the files made here the server does not have yet.
struct FileCounts {
  Amount thumbnails;
  Amount originals;
  std::uint64_t damaged = 0;  ///< To be taken again; not among the others.
};
/// Errors:  device_storage.
events::Result<FileCounts> file_counts_of(const Replica& replica, const FileStore& files);

}  // namespace clients
