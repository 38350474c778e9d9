#include "tests/e2e/photo.h"

#include "events/base/check.h"

#include <gd.h>

#include <fstream>
#include <string>

namespace e2e {

void write_photo(const std::filesystem::path& path, std::size_t bytes, std::uint32_t seed) {
  // A picture that is a little smaller, and bytes behind its end, which readers leave alone.
  constexpr int side = 400;
  gdImagePtr picture = gdImageCreateTrueColor(side, side);
  CHECK(picture != nullptr, "a small picture fits into memory");
  for (int x = 0; x < side; ++x) {
    for (int y = 0; y < side; ++y) {
      seed = seed * 1'664'525 + 1'013'904'223;
      gdImageSetPixel(picture, x, y, static_cast<int>(seed >> 8U));
    }
  }
  std::string content;
  for (int quality = 95; quality > 0 && (content.empty() || content.size() > bytes);
       quality -= 10) {
    int size = 0;
    void* const data = gdImageJpegPtr(picture, &size, quality);
    CHECK(data != nullptr, "libgd writes JPEG");
    content.assign(static_cast<const char*>(data), static_cast<std::size_t>(size));
    gdFree(data);
  }
  gdImageDestroy(picture);
  CHECK(content.size() <= bytes, "callers ask for photos, not for icons");
  while (content.size() < bytes) {
    seed = seed * 1'664'525 + 1'013'904'223;
    content.push_back(static_cast<char>(seed >> 24U));
  }
  std::ofstream(path, std::ios::binary) << content;
}

}  // namespace e2e
