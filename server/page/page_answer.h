#pragma once

#include "server/page/site.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace server {

/// A request for a file of the page.  A header that did not come is empty.
struct PageRequest {
  std::string_view method = {};                          ///< "GET", as it came.
  std::string_view target = {};                          ///< Path and query, as they came.
  std::string_view host = {};                            ///< Of the header Host.
  std::optional<std::string_view> accept_encoding = {};  ///< Nothing: the header did not come.
  std::string_view if_none_match = {};
  std::string_view range = {};
  std::string_view if_range = {};
  bool is_in_tls = false;
};

/// An answer whose body is written from where the site has it.
struct PageAnswer {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers = {};  ///< With Content-Length.
  std::string text = {};       ///< A body that is no file: why there is none.
  std::string_view body = {};  ///< Of a file; it lives as long as `site`.
  std::shared_ptr<const Site> site = {};
};

/// What browsers are told about a page besides its bytes: it loads nothing from elsewhere, stands
/// in no frame, and runs no script but its own files.
inline constexpr std::string_view content_security_policy =
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
    "img-src 'self' blob:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'";

/// The strong entity tag of a form, with its quotes.
std::string etag_of(const Asset& asset, AssetForm form);

/// Answers GET and HEAD of a file with 200, 206, 304, 406 or 416, another method with 405, and a
/// path that the site does not have with 404.
PageAnswer answer_page(std::shared_ptr<const Site> site, const PageRequest& request);

/// The status line and the headers, with the empty line behind them.
std::string head_of(const PageAnswer& answer, bool keeps_alive);

}  // namespace server
