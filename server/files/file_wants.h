#pragma once

#include "server/commit/admission.h"
#include "server/commit/file_facts.h"

#include <cstddef>
#include <map>
#include <mutex>
#include <set>
#include <vector>

namespace server {

/// Files that the server lacks and that devices may have: somebody asked for one that is still on
/// the device that made it, or the disk on which one lay is lost although the log says that it is
/// stored.  Kept in memory only: whoever wants a file asks again in each session until it is there,
/// and what is lost is looked for at each start.
///
/// Thread: any.
class FileWants {
 public:
  /// Files that somebody asked for; more are forgotten until they are asked for again.
  static constexpr std::size_t asked_max = 4'096;
  /// Files that the disk lost; more are found at the start after these have come back.  Some 50 MB.
  static constexpr std::size_t lost_max = 262'144;
  /// Files that one session is asked for.
  static constexpr std::size_t asked_at_once_max = 64;

  void note(const FileFacts& file);
  void forget(const events::protocol::FileName& file);
  /// Those that the device of `chain` made on it, and then those that `rights` let it read: it may
  /// have fetched them, or made them on a chain that it left.
  std::vector<events::protocol::FileName> of(events::ChainNumber chain,
                                             const ReaderRights& rights) const;
  /// Of those, files that the log calls stored; at most lost_max.
  std::size_t lost() const;

 private:
  using Files = std::map<events::protocol::FileName, FileFacts>;

  void forget_at(Files::iterator file);

  mutable std::mutex mutex_;
  Files files_;
  std::map<events::UnitId, std::set<events::protocol::FileName>> by_scope_;  // None is empty.
  std::size_t lost_ = 0;
};

}  // namespace server
