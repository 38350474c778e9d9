#include "server/files/file_wants.h"

#include <algorithm>

namespace server {

using events::protocol::FileName;

void FileWants::note(const FileFacts& file) {
  const std::scoped_lock lock(mutex_);
  if (files_.size() < wants_max) files_.insert_or_assign(file.name, file);
}

void FileWants::forget(const FileName& file) {
  const std::scoped_lock lock(mutex_);
  files_.erase(file);
}

std::vector<FileName> FileWants::of(events::ChainNumber chain, const ReaderRights& rights) const {
  std::vector<FileName> own;
  std::vector<FileName> readable;
  const std::scoped_lock lock(mutex_);
  for (const auto& [name, facts] : files_) {
    if (name.attached.chain() == chain) {
      own.push_back(name);
    } else if (readable.size() < asked_at_once_max && may_read_file(rights, facts)) {
      readable.push_back(name);
    }
  }
  own.insert(own.end(), readable.begin(), readable.end());
  own.resize(std::min(own.size(), asked_at_once_max));
  return own;
}

std::size_t FileWants::lost() const {
  const std::scoped_lock lock(mutex_);
  return static_cast<std::size_t>(
      std::ranges::count_if(files_, [](const auto& each) { return each.second.is_stored; }));
}

}  // namespace server
