#include "clients/cli/picture.h"

#include <gd.h>
#include <gtest/gtest.h>

#include <string>

namespace clients {
namespace {

using events::ErrorCode;
using events::MediaType;

events::Bytes bytes_of_text(const std::string& text) { return {text.begin(), text.end()}; }

/// Noise, which no compression makes small.
events::Bytes a_picture(int side, MediaType media) {
  gdImagePtr picture = gdImageCreateTrueColor(side, side);
  std::uint32_t seed = 3;
  for (int x = 0; x < side; ++x) {
    for (int y = 0; y < side; ++y) {
      seed = seed * 1'664'525 + 1'013'904'223;
      gdImageSetPixel(picture, x, y, static_cast<int>(seed >> 8U));
    }
  }
  int size = 0;
  void* const data =
      media == MediaType::png ? gdImagePngPtr(picture, &size) : gdImageJpegPtr(picture, &size, 95);
  const auto* const begin = static_cast<const std::uint8_t*>(data);
  events::Bytes bytes(begin, begin + size);
  gdFree(data);
  gdImageDestroy(picture);
  return bytes;
}

// What names itself photo.jpg may be anything; the reviewer could not open it.
TEST(Picture, IsWhatItsBytesSay) {
  EXPECT_EQ(media_type_of(a_picture(16, MediaType::jpeg)), MediaType::jpeg);
  EXPECT_EQ(media_type_of(a_picture(16, MediaType::png)), MediaType::png);
  EXPECT_EQ(media_type_of(bytes_of_text("%PDF-1.7\n")), MediaType::pdf);
  for (const char* other : {"", "%PD", "GIF89a", "MZ", "<html>"}) {
    EXPECT_EQ(media_type_of(bytes_of_text(other)), std::nullopt) << other;
    EXPECT_EQ(fit_evidence(bytes_of_text(other)).error().code, ErrorCode::invalid_argument);
  }
}

// A photo that fits would lose what is written on it by being compressed once more.
TEST(Picture, ThatFitsStaysAsItIs) {
  const events::Bytes photo = a_picture(300, MediaType::jpeg);
  const auto fitted = fit_evidence(photo);
  ASSERT_TRUE(fitted);
  EXPECT_EQ(fitted->bytes, photo);
  EXPECT_FALSE(fitted->was_reduced);
}

// A good camera would keep its owner from attaching anything.
TEST(Picture, ThatIsTooLargeBecomesSmaller) {
  const events::Bytes photo = a_picture(1'500, MediaType::png);
  ASSERT_GT(photo.size(), events::original_bytes_max);
  const auto fitted = fit_evidence(photo);
  ASSERT_TRUE(fitted) << fitted.error().message;
  EXPECT_TRUE(fitted->was_reduced);
  EXPECT_EQ(fitted->media, MediaType::jpeg);
  EXPECT_LE(fitted->bytes.size(), events::original_bytes_max);
  events::Bytes pdf = bytes_of_text("%PDF-1.7\n");
  pdf.resize(events::original_bytes_max + 1, 'x');
  EXPECT_EQ(fit_evidence(pdf).error().code, ErrorCode::too_large);
}

// The commune would wait a minute for each picture of its list.
TEST(Picture, HasAThumbnailOfASecondOfTheLine) {
  for (const MediaType media : {MediaType::jpeg, MediaType::png}) {
    const auto thumbnail = thumbnail_of({a_picture(700, media), media, false});
    ASSERT_TRUE(thumbnail && *thumbnail);
    EXPECT_LE((*thumbnail)->size(), events::thumbnail_bytes_max);
    EXPECT_EQ(media_type_of(**thumbnail), MediaType::jpeg);
  }
  const auto of_pdf = thumbnail_of({bytes_of_text("%PDF-1.7\n"), MediaType::pdf, false});
  ASSERT_TRUE(of_pdf);
  EXPECT_FALSE(*of_pdf);
}

// A file of 100 bytes that claims to be 60,000 pixels wide would take all the phone's memory.
TEST(Picture, IsMeasuredBeforeMemoryIsReserved) {
  events::Bytes png = a_picture(16, MediaType::png);
  png[16] = png[20] = 0x00;
  png[17] = png[21] = 0x00;
  png[18] = png[22] = 0xEA;
  EXPECT_EQ(thumbnail_of({png, MediaType::png, false}).error().code, ErrorCode::invalid_argument);
  const events::Bytes jpeg = a_picture(64, MediaType::jpeg);
  for (std::size_t size = 0; size < 700 && size < jpeg.size(); ++size) {
    const events::Bytes cut(jpeg.begin(), jpeg.begin() + static_cast<std::ptrdiff_t>(size));
    static_cast<void>(thumbnail_of({cut, MediaType::jpeg, false}));  // Must only not crash.
  }
}

}  // namespace
}  // namespace clients
