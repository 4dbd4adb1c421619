# Rscript peers.R UNITS.csv HORIZON METHODS OUT.csv
# UNITS.csv: task,date,units, one line a day up to the task's origin; a task is one series at one origin.
# OUT.csv: task,method,step,point,lo80,hi80,lo95,hi95. Each peer as a user would run it, clipped at 0.
suppressPackageStartupMessages({ library(forecast) })
args <- commandArgs(trailingOnly = TRUE)
horizon <- as.integer(args[2]); methods <- strsplit(args[3], ",")[[1]]
if ("prophet" %in% methods) suppressPackageStartupMessages(library(prophet))
all <- read.csv(args[1], colClasses = c("integer", "character", "numeric"))
out <- file(args[4], "w")
writeLines("task,method,step,point,lo80,hi80,lo95,hi95", out)
set.seed(1)
bands <- function(f) cbind(f$mean, f$lower[, 1], f$upper[, 1], f$lower[, 2], f$upper[, 2])
fit <- function(method, dates, units) {
  y <- ts(na.interp(ts(units, frequency = 7)), frequency = 7)
  if (method == "ets") return(bands(forecast(ets(y), h = horizon, level = c(80, 95))))
  if (method == "auto.arima") return(bands(forecast(auto.arima(y), h = horizon, level = c(80, 95))))
  if (method == "thetaf") return(bands(thetaf(y, h = horizon, level = c(80, 95))))
  frame <- data.frame(ds = as.Date(dates), y = units)
  cuts <- list()
  model <- prophet(frame, interval.width = 0.95)
  future <- make_future_dataframe(model, periods = horizon, include_history = FALSE)
  drawn <- predictive_samples(model, future)$yhat
  q <- t(apply(drawn, 1, quantile, probs = c(0.1, 0.9, 0.025, 0.975)))
  point <- predict(model, future)$yhat
  cbind(point, q)
}
for (task in split(all, all$task)) for (method in methods) {
  result <- tryCatch(suppressMessages(suppressWarnings({
    capture.output(r <- fit(method, task$date, task$units)); r
  })), error = function(e) NULL)
  # What a peer cannot fit is forecast as its last week, so that no method is spared the hard series.
  if (is.null(result) || anyNA(result)) {
    last <- tail(c(rep(0, 7), ifelse(is.na(task$units), 0, task$units)), 7)
    result <- matrix(rep(rep_len(last, horizon), 5), ncol = 5)
  }
  result <- pmax(matrix(as.numeric(result), ncol = 5), 0)
  write.table(data.frame(task$task[1], method, seq_len(horizon), signif(result, 7)), out, sep = ",",
    row.names = FALSE, col.names = FALSE, quote = FALSE)
  flush(out)
}
close(out)
