#include "server/files/file_wants.h"

namespace server {

using events::protocol::FileName;

void FileWants::note(const FileFacts& file) {
  const std::scoped_lock lock(mutex_);
  if (const auto known = files_.find(file.name); known != files_.end()) forget_at(known);
  const bool is_full = file.is_stored ? lost_ >= lost_max : files_.size() - lost_ >= asked_max;
  if (is_full) return;
  files_.emplace(file.name, file);
  by_scope_[file.scope].insert(file.name);
  if (file.is_stored) ++lost_;
}

void FileWants::forget(const FileName& file) {
  const std::scoped_lock lock(mutex_);
  if (const auto known = files_.find(file); known != files_.end()) forget_at(known);
}

void FileWants::forget_at(Files::iterator file) {
  const auto scope = by_scope_.find(file->second.scope);
  scope->second.erase(file->first);
  if (scope->second.empty()) by_scope_.erase(scope);
  if (file->second.is_stored) --lost_;
  files_.erase(file);
}

std::vector<FileName> FileWants::of(events::ChainNumber chain, const ReaderRights& rights) const {
  std::vector<FileName> found;
  const std::scoped_lock lock(mutex_);
  const FileName first_of_chain{{chain, 0}, events::FilePart{}};
  for (auto own = files_.lower_bound(first_of_chain);
       own != files_.end() && own->first.attached.chain() == chain; ++own) {
    if (found.size() == asked_at_once_max) return found;
    found.push_back(own->first);
  }
  for (const auto& [scope, names] : by_scope_) {
    if (!may_read_file(rights, files_.at(*names.begin()))) continue;  // The same for all of them.
    for (const FileName& name : names) {
      if (found.size() == asked_at_once_max) return found;
      if (name.attached.chain() != chain) found.push_back(name);
    }
  }
  return found;
}

std::size_t FileWants::lost() const {
  const std::scoped_lock lock(mutex_);
  return lost_;
}

}  // namespace server
