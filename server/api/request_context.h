#pragma once

#include "events/base/ids.h"
#include "events/log/event_log.h"
#include "server/api/cursor_page.h"
#include "server/api/etag.h"
#include "server/api/problem.h"
#include "server/feed/projector.h"

#include <boost/json/object.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <variant>

namespace server {

/// Everything that a handler knows of the request that it answers.
struct RequestContext {
  std::string reader;                           ///< "device 7", "token 3".
  events::ReaderScope scope;                    ///< What the reader may see now.
  events::Position position;                    ///< The answer speaks of the log up to here.
  LogPlace place;                               ///< That position, and the day it stands for.
  std::string path;                             ///< As it came.
  std::map<std::string, std::string> segments;  ///< Those that the pattern names.
  std::map<std::string, std::string> query;
  PageRequest page;
  bool is_repairing = false;  ///< The log was restored and takes back what it lost.

  std::uint64_t question() const { return question_of(path, query); }
};

/// The fields of an answer behind log and position, or why there are none.
using Fields = std::variant<boost::json::object, Problem>;

/// What is left to do of an answer when the state has been looked at.
struct Rest {
  std::function<Fields()> run;  ///< On the thread of the interface; may read the log.
  std::size_t cost = 1;         ///< What it takes of the reader's budget.
};

/// What handlers read of the server.
struct ApiState {
  const events::EventLog& log;
  /// Calls its argument with everything that is folded, and returns when that has returned.
  std::function<void(const std::function<void(const Folded&)>&)> with_fold;
};

/// Answers requests of one pattern.  `begin` looks at the state and must be short, since the
/// projection waits for it; what takes longer is in the rest.
///
/// Thread: `begin` on the projection thread, the rest on the interface's; one request at a time.
class ApiHandler {
 public:
  virtual ~ApiHandler() = default;
  virtual std::variant<Rest, Problem> begin(const RequestContext& context,
                                            const Folded& folded) = 0;
};

}  // namespace server
