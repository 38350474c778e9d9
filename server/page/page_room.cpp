#include "server/page/page_room.h"

#include <algorithm>

namespace server {

std::uint64_t PageRoom::enter(const PeerAddress& address, Cut cut) {
  Cut make_room;
  std::uint64_t number = 0;
  {
    const std::scoped_lock lock(mutex_);
    const auto own = of_address_.find(address);
    const bool has_share =
        !address.is_proxy() && own != of_address_.end() && own->second.size() >= limits_.of_one;
    if (has_share) {
      make_room = push_out(own);
    } else if (places_.size() >= limits_.all) {
      make_room = push_out(greediest());
    }
    number = ++last_number_;
    of_address_[address].push_back({number, address, std::move(cut)});
    places_.emplace(number, address);
  }
  if (make_room) make_room();
  return number;
}

PageRoom::Cut PageRoom::push_out(std::map<PeerAddress, Answers>::iterator of_one) {
  Answers& answers = of_one->second;
  Cut cut = std::move(answers.front().cut);
  places_.erase(answers.front().number);
  answers.pop_front();
  if (answers.empty()) of_address_.erase(of_one);
  return cut;
}

std::map<PeerAddress, PageRoom::Answers>::iterator PageRoom::greediest() {
  return std::ranges::max_element(of_address_, {}, [](const auto& row) {
    return row.first.is_proxy() ? std::size_t{1} : row.second.size();
  });
}

void PageRoom::leave(std::uint64_t number) {
  const std::scoped_lock lock(mutex_);
  const auto place = places_.find(number);
  if (place == places_.end()) return;
  const auto of_one = of_address_.find(place->second);
  std::erase_if(of_one->second, [number](const Answer& each) { return each.number == number; });
  if (of_one->second.empty()) of_address_.erase(of_one);
  places_.erase(place);
}

std::size_t PageRoom::answers() const {
  const std::scoped_lock lock(mutex_);
  return places_.size();
}

}  // namespace server
