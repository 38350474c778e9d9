#include "server/page/page_answer.h"

#include "server/base/entity_tags.h"
#include "server/page/negotiation.h"

#include <utility>

namespace server {
namespace {

constexpr std::string_view plain_text = "text/plain; charset=utf-8";
constexpr std::size_t tag_digits = 32;

bool is_document(std::string_view type) { return type.starts_with("text/html"); }

/// A browser applies the policy of a document and of a worker's script, each to itself.
bool has_policy(const Asset& asset) {
  const bool is_script =
      asset.type.starts_with("text/javascript") || asset.type.starts_with("application/javascript");
  return is_document(asset.type) || (is_script && !asset.is_in_document);
}

/// "localhost:8470" on a developer's machine also serves plain HTTP, which a browser that was told
/// to come in TLS only would refuse.
bool is_local(std::string_view host) {
  return host == "localhost" || host.starts_with("localhost:");
}

std::string_view text_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 206:
      return "Partial Content";
    case 304:
      return "Not Modified";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 416:
      return "Range Not Satisfiable";
  }
  return "";
}

/// An answer under construction.
class Writer {
 public:
  explicit Writer(const PageRequest& request) : request_(request) {
    set("X-Content-Type-Options", "nosniff");
    set("Cross-Origin-Resource-Policy", "same-origin");
  }

  /// What a browser is told of a document or a worker and heeds for all that it loads.  The line
  /// of a commune carries 8 KB a second: nothing else says it again.
  void add_rules(bool is_document) {
    set("Referrer-Policy", "no-referrer");
    if (is_document) {
      set("Cross-Origin-Opener-Policy", "same-origin");
      set("Permissions-Policy", "camera=(self), microphone=(), geolocation=()");
    }
    if (request_.is_in_tls && !is_local(request_.host)) {
      set("Strict-Transport-Security", "max-age=31536000");
    }
  }

  void set(std::string name, std::string_view value) {
    answer_.headers.emplace_back(std::move(name), value);
  }

  /// Ends with a line of text in place of a file, which a browser may show as a document.
  PageAnswer refuse(int status, std::string_view why) {
    add_rules(true);
    answer_.status = status;
    set("Content-Type", plain_text);
    set("Content-Length", std::to_string(why.size()));
    if (request_.method != "HEAD") answer_.text = why;
    return std::move(answer_);
  }

  PageAnswer end(int status) {
    answer_.status = status;
    return std::move(answer_);
  }

  PageAnswer end_with(int status, std::shared_ptr<const Site> site, std::string_view body) {
    answer_.status = status;
    set("Content-Length", std::to_string(body.size()));
    if (request_.method != "HEAD") {
      answer_.body = body;
      answer_.site = std::move(site);
    }
    return std::move(answer_);
  }

 private:
  const PageRequest& request_;
  PageAnswer answer_;
};

/// Whether the range is of the bytes that the client has a part of.  A date never is: files have
/// none.
bool is_of_same_bytes(std::string_view if_range, std::string_view etag) {
  return if_range.empty() || if_range == etag;
}

}  // namespace

std::string etag_of(const Asset& asset, AssetForm form) {
  std::string tag = '"' + asset.digest.substr(0, tag_digits);
  switch (form) {
    case AssetForm::brotli:
      tag += "-br";
      break;
    case AssetForm::gzip:
      tag += "-gzip";
      break;
    case AssetForm::gzip_file:
      tag += "-file";
      break;
    case AssetForm::plain:
      break;
  }
  return tag + '"';
}

PageAnswer answer_page(std::shared_ptr<const Site> site, const PageRequest& request) {
  Writer writer(request);
  const auto [asset, is_gzip_file] = site->find(request.target.substr(0, request.target.find('?')));
  if (asset == nullptr) return writer.refuse(404, "the page has no such file\n");
  const bool is_head = request.method == "HEAD";
  if (request.method != "GET" && !is_head) {
    writer.set("Allow", "GET, HEAD");
    return writer.refuse(405, "only GET and HEAD\n");
  }
  writer.set("Vary", "Accept-Encoding");
  const std::optional<AssetForm> form =
      is_gzip_file ? AssetForm::gzip_file : choose_form(request.accept_encoding, *asset);
  if (!form) return writer.refuse(406, "there is br, gzip and identity\n");

  const std::string etag = etag_of(*asset, *form);
  writer.set("ETag", etag);
  writer.set("Cache-Control",
             asset->is_immutable ? "public, max-age=31536000, immutable" : "no-cache");
  if (names_etag(request.if_none_match, etag)) {
    if (has_policy(*asset)) writer.add_rules(is_document(asset->type));
    return writer.end(304);
  }

  const std::string_view bytes = bytes_of_form(*asset, *form);
  writer.set("Accept-Ranges", "bytes");
  const bool asks_part = !is_head && is_of_same_bytes(request.if_range, etag);
  const Part part = read_range(asks_part ? request.range : "", bytes.size());
  const std::string size = std::to_string(bytes.size());
  if (part.kind == Part::Kind::beyond) {
    writer.set("Content-Range", "bytes */" + size);
    return writer.refuse(416, "the range is behind the end\n");
  }
  writer.set("Content-Type", is_gzip_file ? std::string("application/gzip") : asset->type);
  if (has_policy(*asset)) {
    writer.add_rules(is_document(asset->type));
    writer.set("Content-Security-Policy", content_security_policy);
  }
  if (*form == AssetForm::brotli) writer.set("Content-Encoding", "br");
  if (*form == AssetForm::gzip) writer.set("Content-Encoding", "gzip");
  if (part.kind == Part::Kind::whole) return writer.end_with(200, std::move(site), bytes);

  writer.set("Content-Range", "bytes " + std::to_string(part.first) + '-' +
                                  std::to_string(part.first + part.size - 1) + '/' + size);
  return writer.end_with(206, std::move(site), bytes.substr(part.first, part.size));
}

std::string head_of(const PageAnswer& answer, bool keeps_alive) {
  std::string head = "HTTP/1.1 " + std::to_string(answer.status) + ' ';
  head.append(text_of(answer.status)).append("\r\n");
  for (const auto& [name, value] : answer.headers) {
    head.append(name).append(": ").append(value).append("\r\n");
  }
  head.append(keeps_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n");
  return head;
}

}  // namespace server
