#pragma once

#include "platform/net/transport.h"
#include "server/base/task.h"
#include "server/page/page_answer.h"

#include <chrono>
#include <cstddef>

namespace server {

/// How slowly an answer with a file of the page may be read.
struct PagePace {
  std::chrono::milliseconds answer{
      600'000};  ///< For all of it; what is cut may go on with a Range.
  /// In each window the reader takes so many bytes, or the connection ends.
  std::chrono::milliseconds window{30'000};
  std::size_t window_bytes = 4 * 1024;
};

/// Sends an answer with a file of the page, at the reader's pace.  A reader costs no copy of the
/// file.  False: the connection is over.
///
/// Thread:   the stream's executor, which must be a strand.
/// Lifetime: `stream` and `answer` outlive the call.
Task<bool> send_page(network::Transport& stream, const PageAnswer& answer, bool keeps_alive,
                     PagePace pace = {});

}  // namespace server
