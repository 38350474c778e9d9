#include "server/api/waiting_places.h"

#include "events/base/check.h"

namespace server {

WaitingPlaces::Answer WaitingPlaces::enter(const std::string& reader) {
  const std::scoped_lock lock(mutex_);
  const auto own = of_reader_.find(reader);
  if (own != of_reader_.end() && own->second >= limits_.of_one) return Answer::enough;
  if (all_ >= limits_.all) return Answer::full;
  ++all_;
  if (own != of_reader_.end()) {
    ++own->second;
  } else {
    of_reader_.emplace(reader, 1);
  }
  return Answer::entered;
}

void WaitingPlaces::leave(const std::string& reader) {
  const std::scoped_lock lock(mutex_);
  const auto own = of_reader_.find(reader);
  CHECK(own != of_reader_.end(), "who leaves has entered");
  --all_;
  if (--own->second == 0) of_reader_.erase(own);
}

}  // namespace server
