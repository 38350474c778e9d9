#pragma once

#include "events/base/result.h"
#include "server/page/page_room.h"
#include "server/page/site.h"

#include <filesystem>
#include <memory>
#include <mutex>

namespace server {

/// The page that browsers load from this server: the one in this build, or, for who works on it, a
/// folder that is read again when its list of files has changed.
///
/// State: the files as they were last read, and when the folder's list was written.
/// Thread: any.  The page of a build waits for nothing; a folder waits for the disk.
class PageService {
 public:
  PageService();
  /// `folder`: empty: the page of this build.
  /// Errors: those of read_page_folder().
  static events::Result<std::unique_ptr<PageService>> open(std::filesystem::path folder);

  /// The page as it is now.  A folder that cannot be read is served as it was.
  std::shared_ptr<const Site> site();
  PageRoom& room() { return room_; }

 private:
  std::filesystem::path folder_;  ///< Empty: none.
  std::mutex mutex_;
  std::shared_ptr<const Site> site_;
  std::filesystem::file_time_type listed_at_;
  PageRoom room_;
};

}  // namespace server
