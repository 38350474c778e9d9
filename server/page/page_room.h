#pragma once

#include "server/base/peer_address.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <utility>

namespace server {

/// How many answers with files of the page may be under way.
struct PageLimits {
  std::size_t all = 2'048;
  /// Of one address.  A browser has six; offices and mobile carriers put many behind one address.
  std::size_t of_one = 256;
};

/// Who gets files of the page.  A slow line takes a minute for them, so each answer may take long;
/// this bounds how many there are.  Whoever comes last is served: an address that has its share
/// loses its oldest answer, and when all places are taken the address with most of them does.  An
/// answer that is cut goes on where it stopped (Range), and one that sits there keeps nobody out.
///
/// Memory: a row an answer.
/// Thread: any.  Cuts are called from the thread that brings them about; they must only pass it on.
class PageRoom {
 public:
  using Cut = std::function<void()>;

  /// One answer under way, as long as the object lives.
  class Place {
   public:
    Place(PageRoom& room, const PeerAddress& address, Cut cut)
        : room_(room), number_(room.enter(address, std::move(cut))) {}
    ~Place() { room_.leave(number_); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

   private:
    PageRoom& room_;
    std::uint64_t number_;
  };

  explicit PageRoom(PageLimits limits = {}) : limits_(limits) {}

  std::size_t answers() const;

 private:
  struct Answer {
    std::uint64_t number;
    PeerAddress address;
    Cut cut;
  };
  using Answers = std::list<Answer>;  // Of one address, the oldest first.

  std::uint64_t enter(const PeerAddress& address, Cut cut);
  void leave(std::uint64_t number);
  /// Takes the oldest place of an address away.
  Cut push_out(std::map<PeerAddress, Answers>::iterator of_one);
  /// A proxy speaks for many, and gives way after everybody who has more than one.
  std::map<PeerAddress, Answers>::iterator greediest();

  PageLimits limits_;
  mutable std::mutex mutex_;
  std::uint64_t last_number_ = 0;
  std::map<PeerAddress, Answers> of_address_;
  std::map<std::uint64_t, PeerAddress> places_;
};

}  // namespace server
