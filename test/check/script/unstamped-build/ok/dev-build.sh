#!/bin/sh
go build -o server ./cmd/agent
