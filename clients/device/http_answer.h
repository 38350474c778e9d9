#pragma once

#include "events/base/result.h"

#include <string>

namespace clients {

/// The head of an HTTP answer that is not what was asked for.
struct HttpAnswer {
  unsigned status = 0;
  std::string content_type;
  std::string location;  ///< Where it sends the browser; empty when nowhere.
};

/// What such an answer means: captive_portal when it is a web page for people or leads to one,
/// otherwise no_web_socket; see line_fault.h.
events::Error wrong_answer(const HttpAnswer& answer);

}  // namespace clients
