#!/bin/sh
go build -o server ./cmd/server
