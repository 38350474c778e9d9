#include "clients/cli/picture.h"

#include "clients/cli/output.h"

#include <gd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>
#include <utility>

namespace clients {

using events::Bytes;
using events::Error;
using events::ErrorCode;
using events::MediaType;
using events::Result;

namespace {

/// Nobody photographs a sheet of paper with more; a picture that claims it is a trap for memory.
constexpr std::int64_t pixels_max = 100'000'000;
constexpr int sides_of_reduced[] = {3'000, 2'200, 1'600};
constexpr int quality_of_reduced = 80;
constexpr int sides_of_thumbnail[] = {320, 240, 160, 96};
constexpr int qualities_of_thumbnail[] = {60, 40, 25};

struct FreePicture {
  void operator()(gdImagePtr picture) const { gdImageDestroy(picture); }
};
using Picture = std::unique_ptr<gdImage, FreePicture>;

Error unreadable() {
  Error error = usage_error("Không đọc được ảnh; hãy chụp lại hoặc chọn tệp khác.");
  return error;
}

std::uint32_t big_endian(events::ByteView bytes, std::size_t at, std::size_t count) {
  std::uint32_t number = 0;
  for (std::size_t index = 0; index < count; ++index) number = number << 8U | bytes[at + index];
  return number;
}

/// Width times height as the picture's head says, before memory is reserved for it; 0 when it does
/// not say.
std::int64_t pixels_of(events::ByteView bytes, MediaType media) {
  if (media == MediaType::png) {
    if (bytes.size() < 24) return 0;
    return std::int64_t{big_endian(bytes, 16, 4)} * big_endian(bytes, 20, 4);
  }
  // The segments of a JPEG up to its frame header, SOF.
  for (std::size_t at = 2; at + 9 < bytes.size() && bytes[at] == 0xFF;) {
    const std::uint8_t marker = bytes[at + 1];
    const bool is_frame =
        marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    if (is_frame) {
      return std::int64_t{big_endian(bytes, at + 5, 2)} * big_endian(bytes, at + 7, 2);
    }
    at += 2 + big_endian(bytes, at + 2, 2);
  }
  return 0;
}

Result<Picture> open_picture(const Bytes& bytes, MediaType media) {
  const std::int64_t pixels = pixels_of(bytes, media);
  if (pixels <= 0 || pixels > pixels_max) return unreadable();
  gdSetErrorMethod([](int, const char*, va_list) {});
  const auto size = static_cast<int>(bytes.size());
  auto* const data = const_cast<std::uint8_t*>(bytes.data());  // libgd only reads it.
  Picture picture(media == MediaType::png ? gdImageCreateFromPngPtr(size, data)
                                          : gdImageCreateFromJpegPtr(size, data));
  if (!picture) return unreadable();
  return picture;
}

/// No side longer than `side`; a JPEG.
Bytes reduced(const gdImage& picture, int side, int quality) {
  const int longest = std::max(gdImageSX(&picture), gdImageSY(&picture));
  const auto scaled = [&](int length) {
    const std::int64_t exact = std::int64_t{length} * side / longest;
    return longest <= side ? length : static_cast<int>(std::max<std::int64_t>(exact, 1));
  };
  const int width = scaled(gdImageSX(&picture));
  const int height = scaled(gdImageSY(&picture));
  const Picture target(gdImageCreateTrueColor(width, height));
  if (!target) return {};
  auto* const source = const_cast<gdImage*>(&picture);  // libgd only reads it.
  gdImageFilledRectangle(target.get(), 0, 0, width - 1, height - 1, gdTrueColor(255, 255, 255));
  gdImageCopyResampled(target.get(), source, 0, 0, 0, 0, width, height, gdImageSX(source),
                       gdImageSY(source));
  int size = 0;
  void* const data = gdImageJpegPtr(target.get(), &size, quality);
  if (data == nullptr) return {};
  const auto* const begin = static_cast<const std::uint8_t*>(data);
  Bytes bytes(begin, begin + size);
  gdFree(data);
  return bytes;
}

}  // namespace

std::optional<MediaType> media_type_of(events::ByteView bytes) {
  constexpr std::array<std::uint8_t, 3> jpeg{0xFF, 0xD8, 0xFF};
  constexpr std::array<std::uint8_t, 8> png{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  constexpr std::array<std::uint8_t, 5> pdf{'%', 'P', 'D', 'F', '-'};
  const auto begins_with = [&](const auto& head) {
    return bytes.size() >= head.size() && std::ranges::equal(bytes.first(head.size()), head);
  };
  if (begins_with(jpeg)) return MediaType::jpeg;
  if (begins_with(png)) return MediaType::png;
  if (begins_with(pdf)) return MediaType::pdf;
  return std::nullopt;
}

Result<FittedFile> fit_evidence(Bytes bytes) {
  const std::optional<MediaType> media = media_type_of(bytes);
  if (!media) return usage_error("Minh chứng phải là ảnh JPEG, ảnh PNG hoặc tệp PDF.");
  if (bytes.size() <= events::original_bytes_max)
    return FittedFile{std::move(bytes), *media, false};
  const Error too_large{ErrorCode::too_large,
                        "Tệp lớn hơn 5 MB; hãy chụp lại với độ phân giải thấp hơn hoặc chia nhỏ."};
  if (*media == MediaType::pdf) return too_large;
  const Result<Picture> picture = open_picture(bytes, *media);
  if (!picture) return picture.error();
  for (const int side : sides_of_reduced) {
    Bytes smaller = reduced(**picture, side, quality_of_reduced);
    if (!smaller.empty() && smaller.size() <= events::original_bytes_max) {
      return FittedFile{std::move(smaller), MediaType::jpeg, true};
    }
  }
  return too_large;
}

Result<std::optional<Bytes>> thumbnail_of(const FittedFile& file) {
  if (file.media == MediaType::pdf) return std::optional<Bytes>{};
  const Result<Picture> picture = open_picture(file.bytes, file.media);
  if (!picture) return picture.error();
  for (const int side : sides_of_thumbnail) {
    for (const int quality : qualities_of_thumbnail) {
      Bytes small = reduced(**picture, side, quality);
      if (!small.empty() && small.size() <= events::thumbnail_bytes_max) {
        return std::optional{std::move(small)};
      }
    }
  }
  return std::optional<Bytes>{};
}

}  // namespace clients
