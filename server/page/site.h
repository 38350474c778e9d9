#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace server {

/// One file of the page, in each form in which it may be sent.
struct Asset {
  std::string path = {};      ///< "/app-1a2b3c.js"; the document is "/index.html".
  std::string type = {};      ///< Media type, as Content-Type has it.
  bool is_immutable = false;  ///< Its name holds a digest of its content.
  std::string digest = {};    ///< SHA-256 of `plain`, 64 hexadecimal digits.
  std::string_view plain = {};
  std::string_view brotli = {};  ///< Empty: there is no such form.
  std::string_view gzip = {};    ///< Empty: there is no such form.
  /// A script that a document loads: the document's policy governs it, and none of its own.
  bool is_in_document = false;
};

/// How the bytes of an answer are made from the asset's.
enum class AssetForm : std::uint8_t {
  plain,
  brotli,     ///< Content-Encoding: br.
  gzip,       ///< Content-Encoding: gzip.
  gzip_file,  ///< The gzip form as a file of its own, which a page unpacks by itself.
};

/// The page: its files by path.
///
/// Thread: any; nothing changes.
class Site {
 public:
  /// `bytes`: what the assets point into; empty when that lives as long as the program.
  explicit Site(std::vector<Asset> assets, std::vector<std::string> bytes = {});
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;

  /// What a path names.
  struct Found {
    const Asset* asset = nullptr;  ///< Null: there is no such path.
    bool is_gzip_file = false;     ///< The path is that of the asset, and ".gz" behind it.
  };
  /// `path`: without the query.  "/" is the document.
  Found find(std::string_view path) const;

  std::size_t count() const { return assets_.size(); }

 private:
  std::vector<std::string> bytes_;
  std::map<std::string, Asset, std::less<>> assets_;
};

/// The bytes of a form of the asset.
std::string_view bytes_of_form(const Asset& asset, AssetForm form);

}  // namespace server
