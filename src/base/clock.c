/*
 * clock - reads the two clocks, writes times in the three forms that we use, and reads ISO 8601.
 *
 * Calendar arithmetic is done here and not by the C library, whose functions know time zones: what
 * is written depends on nothing but the number.
 */
#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/log.h"

static int64_t
read_clock(clockid_t id)
{
	struct timespec ts;

	must(clock_gettime(id, &ts) == 0);
	return (int64_t)ts.tv_sec * USEC + ts.tv_nsec / 1000;
}

int64_t
clock_wall_us(void)
{
	return read_clock(CLOCK_REALTIME);
}

int64_t
clock_mono_us(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

struct civil {
	int64_t year;
	int month, day, hour, minute, second, micro;
};

/* Days since 1970 of a date in the proleptic Gregorian calendar. */
static int64_t
days_from_date(int64_t y, int m, int d)
{
	int64_t era, yoe, doy;

	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	yoe = y - era * 400;
	doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static struct civil
civil_from_us(int64_t us)
{
	struct civil c;
	int64_t secs = us / USEC, rest = us % USEC, days, era, doe, yoe, doy, mp;

	if (rest < 0) {
		rest += USEC;
		secs--;
	}
	days = secs / 86400;
	secs %= 86400;
	if (secs < 0) {
		secs += 86400;
		days--;
	}
	c.micro = (int)rest;
	c.hour = (int)(secs / 3600);
	c.minute = (int)(secs / 60 % 60);
	c.second = (int)(secs % 60);
	days += 719468;
	era = (days >= 0 ? days : days - 146096) / 146097;
	doe = days - era * 146097;
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	c.day = (int)(doy - (153 * mp + 2) / 5 + 1);
	c.month = (int)(mp < 10 ? mp + 3 : mp - 9);
	c.year = yoe + era * 400 + (c.month <= 2);
	return c;
}

static char *
put_digits(char *p, int64_t v, int n)
{
	for (int i = n; i-- > 0; v /= 10)
		p[i] = (char)('0' + v % 10);
	return p + n;
}

/* YYYY-MM-DDTHH:MM:SS and, with `fraction` digits above 0, a point and those. */
static char *
put_civil(char *p, const struct civil *c, int fraction)
{
	p = put_digits(p, c->year, 4);
	*p++ = '-';
	p = put_digits(p, c->month, 2);
	*p++ = '-';
	p = put_digits(p, c->day, 2);
	*p++ = 'T';
	p = put_digits(p, c->hour, 2);
	*p++ = ':';
	p = put_digits(p, c->minute, 2);
	*p++ = ':';
	p = put_digits(p, c->second, 2);
	if (fraction == 0)
		return p;
	*p++ = '.';
	return put_digits(p, fraction == 3 ? c->micro / 1000 : c->micro, fraction);
}

static size_t
iso(char out[CLOCK_ISO_SIZE], int64_t us, int fraction, const char *tail)
{
	struct civil c = civil_from_us(us);
	char *p = put_civil(out, &c, fraction);
	size_t n = strlen(tail);

	memcpy(p, tail, n + 1);
	return (size_t)(p - out) + n;
}

size_t
clock_iso(char out[CLOCK_ISO_SIZE], int64_t us)
{
	return iso(out, us, us % USEC ? 6 : 0, "+00:00");
}

size_t
clock_iso_naive(char out[CLOCK_ISO_SIZE], int64_t us)
{
	return iso(out, us, us % USEC ? 6 : 0, "");
}

size_t
clock_iso_log(char out[CLOCK_ISO_SIZE], int64_t us)
{
	return iso(out, us, 3, "Z");
}

/* Exactly n digits at *s, cut off it; -1 when there are none. */
static int
take(struct str *s, size_t n)
{
	int v = 0;

	if (s->n < n)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (s->p[i] < '0' || s->p[i] > '9')
			return -1;
		v = v * 10 + (s->p[i] - '0');
	}
	*s = str_sub(*s, n, s->n);
	return v;
}

static bool
take_char(struct str *s, char c)
{
	if (s->n == 0 || s->p[0] != c)
		return false;
	*s = str_sub(*s, 1, s->n);
	return true;
}

static int
month_days(int64_t y, int m)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;

	return m == 2 && leap ? 29 : days[m - 1];
}

/* Monday of week 1 (ISO 8601): the one on or before 4 January. */
static int64_t
first_monday(int year)
{
	int64_t jan4 = days_from_date(year, 1, 4);

	return jan4 - ((jan4 + 3) % 7 + 7) % 7;
}

/* A week date; only some years have a week 53. */
static bool
take_week(struct str *s, int year, bool dashes, int64_t *days)
{
	int64_t monday = first_monday(year);
	int week = take(s, 2), day = 1;

	if (week < 1 || monday + (week - 1) * 7 >= first_monday(year + 1))
		return false;
	if (s->n > 0 && s->p[0] >= '0' && s->p[0] <= '9' && !dashes)
		day = take(s, 1);
	else if (dashes && s->n > 1 && s->p[0] == '-' && take_char(s, '-'))
		day = take(s, 1);
	if (day < 1 || day > 7)
		return false;
	*days = monday + (week - 1) * 7 + day - 1;
	return true;
}

static bool
take_date(struct str *s, int64_t *days)
{
	int year = take(s, 4), month, day;
	bool dashes;

	if (year < 1)
		return false;
	dashes = take_char(s, '-');
	if (take_char(s, 'W'))
		return take_week(s, year, dashes, days);
	month = take(s, 2);
	if (month < 1 || month > 12 || (dashes && !take_char(s, '-')))
		return false;
	day = take(s, 2);
	if (day < 1 || day > month_days(year, month))
		return false;
	*days = days_from_date(year, month, day);
	return true;
}

/* HH[:MM[:SS[.ffffff]]] or the basic form, as microseconds. */
static bool
take_time(struct str *s, int64_t *us)
{
	int64_t h = take(s, 2), m = 0, sec = 0, fraction = 0, scale = USEC;
	bool colons = take_char(s, ':');
	bool more = colons || (s->n > 0 && s->p[0] >= '0' && s->p[0] <= '9');

	if (h < 0 || h > 23)
		return false;
	if (more && ((m = take(s, 2)) < 0 || m > 59))
		return false;
	more = more && (colons ? take_char(s, ':') : s->n > 0 && s->p[0] >= '0' && s->p[0] <= '9');
	if (more && ((sec = take(s, 2)) < 0 || sec > 59))
		return false;
	if (more && (take_char(s, '.') || take_char(s, ','))) {
		if (s->n == 0 || s->p[0] < '0' || s->p[0] > '9')
			return false;
		for (int d; (d = take(s, 1)) >= 0;)
			if (scale > 1)
				fraction += d * (scale /= 10);
	}
	*us = ((h * 60 + m) * 60 + sec) * USEC + fraction;
	return true;
}

static bool
take_zone(struct str *s, int64_t *offset)
{
	bool minus;

	*offset = 0;
	if (s->n == 0 || take_char(s, 'Z'))
		return true;
	minus = s->p[0] == '-';
	if (!take_char(s, '+') && !take_char(s, '-'))
		return false;
	if (!take_time(s, offset))
		return false;
	if (minus)
		*offset = -*offset;
	return true;
}

bool
clock_parse_iso(struct str s, int64_t *us)
{
	int64_t days, time = 0, offset = 0;

	if (!take_date(&s, &days))
		return false;
	if (s.n > 0) {
		/* Any one character separates date and time, also one of several bytes. */
		s = str_sub(s, str_cut_chars(s, 1).n, s.n);
		if (!take_time(&s, &time) || !take_zone(&s, &offset))
			return false;
	}
	if (s.n > 0)
		return false;
	*us = days * 86400 * USEC + time - offset;
	/* A zone may lead out of the years 1 to 9999, which alone can be written. */
	return *us >= CLOCK_FIRST_US && *us <= CLOCK_LAST_US;
}
